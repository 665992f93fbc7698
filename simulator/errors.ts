/** An error response in Seam's format. */
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

export function notFound(type: string, id: string): ApiError {
  return new ApiError(404, `${type}_not_found`, `Could not find a ${type} with ID ${id}`);
}

export function invalidInput(parameter: string, problem: string): ApiError {
  return new ApiError(400, "invalid_input", `${problem} for "${parameter}"`, {
    validation_errors: { _errors: [], [parameter]: { _errors: [problem] } },
  });
}
