/** An error answer in the vendor's form. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly extra: { validation_errors?: Record<string, unknown>; data?: Record<string, unknown> } = {},
  ) {
    super(message);
  }

  body(requestId: string): object {
    return {
      error: { type: this.type, message: this.message, request_id: requestId, ...this.extra },
      ok: false,
    };
  }
}

/** What the web framework itself refuses: a body that is too large, or of another type than JSON. */
export function refusedBody(status: number): ApiError | undefined {
  if (status === 415) return new ApiError(415, "unsupported_media_type", "A body must be application/json");
  if (status === 413) return new ApiError(413, "payload_too_large", "The body is too large");
  if (status === 400) return new ApiError(400, "invalid_input", "The body cannot be read");
  return undefined;
}

export function notFound(type: string, id: string): ApiError {
  return new ApiError(404, `${type}_not_found`, `Could not find a ${type} with ID ${id}`);
}

export function invalidInput(parameter: string, problem: string): ApiError {
  return new ApiError(400, "invalid_input", `${problem} for "${parameter}"`, {
    validation_errors: { _errors: [], [parameter]: { _errors: [problem] } },
  });
}
