import http from "node:http";
import https from "node:https";
import axios, {
  AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from "axios";
import axiosRetry from "axios-retry";
import * as v from "valibot";
import { ConcurrencyLimit } from "./concurrencyLimit";
import { beforeDeadline, noDeadline } from "./deadline";
import {
  apiError,
  SeamDeadlineError,
  SeamNoAnswerError,
  SeamUnreadableAnswerError,
  type SeamError,
} from "./errors";
import * as model from "./model";
import { wasNeverSent } from "./neverSent";
import { RateLimiter } from "./rateLimiter";
import { protectKey } from "./redaction";
import {
  type CallKind,
  defaultRetryPolicy,
  excessiveCode,
  type RetryPolicy,
  retriesOf,
  retryAfter,
  unreadableCode,
} from "./retry";

/** The largest response, in bytes after decompression; a page of 500 objects has about one million. */
const maxBytes = 32 * 2 ** 20;
/** The deepest nesting of a response's JSON; Seam's have fewer than ten levels. */
const maxDepth = 100;

/** The limits of concurrent requests, and of connections, including those that hang. */
const maxConcurrent = 96;
const maxConnections = 256;

/** Options of a {@link Transport}. */
export interface TransportOptions {
  /** The API key of one workspace, `seam_…`. */
  apiKey: string;
  /** For example `https://connect.getseam.com`. */
  endpoint: string;
  /** The time limit of one request, in milliseconds. Default 30,000. */
  requestTimeout?: number;
  /** Overrides of {@link defaultRetryPolicy}. */
  retries?: Partial<RetryPolicy>;
  /** Sent as `user-agent`. */
  userAgent?: string;
}

/** A call to one of Seam's routes, with all of its attempts. */
export interface Call {
  /** For example `/user_identities/create`. */
  route: string;
  body: object;
  kind: CallKind;
  /** Whether it closes a door, and therefore goes before waiting calls that close none. Default false. */
  closesDoors?: boolean;
  /** The time after which nothing is sent, waited for or repeated. On `performance.now`'s clock. */
  deadline: number;
}

/** Seam's response to a {@link Call}. */
export interface SeamResponse {
  /** The body, parsed from JSON and not validated. */
  data: unknown;
  status: number;
  /** The header `seam-request-id`. */
  requestId: string | undefined;
}

/** The state of a request that is kept from attempt to attempt. */
interface Attempt {
  turn?: number | undefined;
  deadline?: number;
  closesDoors?: boolean;
}

/**
 * Sends calls to one Seam workspace: HTTP, the rate limit, retries, time limits, and the mapping of responses to errors. All
 * calls share one keep-alive agent and one limiter. It knows no routes.
 */
export class Transport {
  readonly endpoint: string;
  private readonly http: AxiosInstance;
  private readonly limiter: RateLimiter;
  private readonly concurrency = new ConcurrencyLimit(maxConcurrent);
  private readonly requestTimeout: number;
  private readonly retries: RetryPolicy;
  private clockOffset: number | undefined;

  constructor(options: TransportOptions) {
    this.endpoint = options.endpoint.replace(/\/+$/, "");
    this.retries = { ...defaultRetryPolicy, ...options.retries };
    this.requestTimeout = options.requestTimeout ?? 30_000;
    protectKey(options.apiKey);
    this.http = axios.create({
      baseURL: this.endpoint,
      adapter: (config) => this.attempt(config),
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        "user-agent": options.userAgent ?? "pulumi-seam",
      },
      httpAgent: new http.Agent({ keepAlive: true, maxSockets: maxConnections }),
      httpsAgent: new https.Agent({ keepAlive: true, maxSockets: maxConnections }),
      maxRedirects: 0,
      maxContentLength: maxBytes,
      // A proxy for plain http would see the key in plain text; one for https only forwards what is encrypted.
      ...(this.endpoint.startsWith("https:") ? {} : { proxy: false }),
      responseType: "text",
      transformResponse: (body: unknown) => body,
    });
    this.limiter = new RateLimiter({ retryAfterCap: this.retries.delayCap });
    const { limiter } = this;
    this.http.interceptors.response.use(
      (response) => {
        limiter.onAccepted();
        this.readServerClock(response.headers.date);
        response.data = parseJson(response.data, (reason, code) => {
          throw new AxiosError(reason, code, response.config, response.request, response);
        });
        return response;
      },
      (error: AxiosError) => {
        const turn = (error.config as Attempt | undefined)?.turn ?? 0;
        if (error.code === AxiosError.ERR_CANCELED) error.code = AxiosError.ETIMEDOUT;
        if (isTooLarge(error)) error.code = excessiveCode;
        // The next attempt gets its own signal; this one would cut the pause before it short.
        if (error.config !== undefined) delete error.config.signal;
        if (error.response?.status === 429) limiter.onLimited(turn, retryAfter(error.response.headers));
        throw error;
      },
    );
    // Registered last, so that the limiter is informed of every attempt before it is repeated.
    axiosRetry(this.http);
  }

  /** Whether Seam has answered 429 before, so that calls are sent at a limited pace. */
  get limited(): boolean {
    return this.limiter.limited;
  }

  /** Seam's clock, from the `Date` header of its last response (in full seconds); the local clock before the first one. */
  serverNow(): Date {
    return new Date(Date.now() + (this.clockOffset ?? 0));
  }

  /**
   * Sends a call, and retries it as far as its kind and its deadline allow.
   *
   * @throws SeamError
   */
  async send(call: Call): Promise<SeamResponse> {
    const { route, body, kind, closesDoors, deadline } = call;
    try {
      const request = { "axios-retry": retriesOf(kind, this.retries, deadline), deadline, closesDoors };
      const { data, status, headers } = await this.http.post<unknown>(route, body, request);
      return { data, status, requestId: requestIdOf(headers) };
    } catch (error) {
      throw seamError(error, route, this.endpoint);
    }
  }

  /** Waits for the turn of a request and sends it. */
  private async attempt(config: InternalAxiosRequestConfig & Attempt): Promise<AxiosResponse> {
    const { deadline = noDeadline, closesDoors = false } = config;
    const passed = await beforeDeadline(this.limiter.acquire(closesDoors), deadline);
    const send = async (): Promise<AxiosResponse | undefined> => {
      config.turn = performance.now();
      const left = deadline - config.turn;
      if (left <= 0) return undefined;
      // For the entire attempt: axios' own timeout does not limit a response that arrives slowly.
      config.signal = AbortSignal.timeout(Math.ceil(Math.min(this.requestTimeout, left)));
      return sendByHttp(config);
    };
    const response =
      passed === undefined ? undefined : await this.concurrency.run(send, closesDoors, deadline);
    if (response === undefined) throw new SeamDeadlineError({ route: config.url ?? "" });
    return response;
  }

  private readServerClock(date: unknown): void {
    const seen = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(seen)) this.clockOffset = seen - Date.now();
  }
}

const sendByHttp = axios.getAdapter("http");

/** Whether a response was too large, for which axios has no error code. */
function isTooLarge(error: AxiosError): boolean {
  return error.code === AxiosError.ERR_BAD_RESPONSE && error.message.startsWith("maxContentLength");
}

function parseJson(body: unknown, fail: (reason: string, code: string) => never): unknown {
  const text = String(body);
  if (isDeeperThan(maxDepth, text)) {
    return fail(`its JSON is nested more than ${maxDepth} levels deep`, excessiveCode);
  }
  try {
    return JSON.parse(text);
  } catch {
    return fail("the body is not JSON", unreadableCode);
  }
}

/** Whether JSON is nested too deeply. Checked before parsing, which could overflow the stack. */
function isDeeperThan(most: number, json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
    } else if (character === "[" || character === "{") {
      depth += 1;
      if (depth > most) return true;
    } else if (character === "]" || character === "}") {
      depth -= 1;
    }
  }
  return false;
}

function requestIdOf(headers: Record<string, unknown>): string | undefined {
  const header = headers["seam-request-id"];
  return typeof header === "string" ? header : undefined;
}

/** Converts an error. It keeps nothing of the AxiosError, which would show the API key if it were printed. */
function seamError(error: unknown, route: string, endpoint: string): unknown {
  if (!(error instanceof AxiosError)) return error;
  const failure = failureOf(error, route, endpoint);
  failure.sentAt = (error.config as Attempt | undefined)?.turn;
  return failure;
}

function failureOf(error: AxiosError, route: string, endpoint: string): SeamError {
  const { response } = error;
  if (response === undefined) {
    if (error.code === excessiveCode) {
      const reason = `it is larger than ${maxBytes / 2 ** 20} MiB`;
      return new SeamUnreadableAnswerError({ route, status: undefined, requestId: undefined, reason });
    }
    const code = error.code ?? "no answer";
    return new SeamNoAnswerError({ route, endpoint, code, neverSent: wasNeverSent(error) });
  }
  const { status } = response;
  const requestId = requestIdOf(response.headers);
  if (error.code === unreadableCode || error.code === excessiveCode) {
    return new SeamUnreadableAnswerError({ route, status, requestId, reason: error.message });
  }
  const body = parseErrorBody(response.data);
  return apiError({ route, status, requestId, type: body?.type, message: body?.message });
}

function parseErrorBody(
  data: unknown,
): { type?: string | undefined; message?: string | undefined } | undefined {
  try {
    const parsed = v.safeParse(model.errorBody, JSON.parse(String(data)));
    return parsed.success ? parsed.output.error : undefined;
  } catch {
    return undefined;
  }
}
