import http from "node:http";
import https from "node:https";
import axios, { AxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from "axios";
import axiosRetry from "axios-retry";
import * as v from "valibot";
import { beforeDeadline, noDeadline } from "./deadline";
import { apiError, SeamDeadlineError, SeamNoAnswerError, SeamUnreadableAnswerError } from "./errors";
import * as model from "./model";
import { RateLimiter } from "./rateLimiter";
import {
  type CallKind,
  defaultRetryPolicy,
  type RetryPolicy,
  retriesOf,
  retryAfter,
  unreadableCode,
} from "./retry";

/** What a {@link Transport} needs to know. */
export interface TransportOptions {
  /** `seam_…`, of one workspace. */
  apiKey: string;
  /** For example `https://connect.getseam.com`. */
  endpoint: string;
  /** How long one request may stay unanswered, in milliseconds. Default 30,000. */
  requestTimeout?: number;
  /** Overrides of {@link defaultRetryPolicy}. */
  retries?: Partial<RetryPolicy>;
  /** Sent as `user-agent`. */
  userAgent?: string;
}

/** One call to a route of Seam's, over all of its attempts. */
export interface Call {
  /** For example `/user_identities/create`. */
  route: string;
  body: object;
  kind: CallKind;
  /** Past it nothing is sent, waited for or repeated any more. On `performance.now`'s clock. */
  deadline: number;
}

/** What Seam answered to a {@link Call}. */
export interface Answer {
  /** The body, parsed from JSON and not checked any further. */
  data: unknown;
  status: number;
  /** The header `seam-request-id`. */
  requestId: string | undefined;
}

/** What a request carries from attempt to attempt. */
interface Attempt {
  turn?: number | undefined;
  deadline?: number;
}

/**
 * Sends calls to one Seam workspace: HTTP, the rate limit, retries, time limits, and what Seam's answers mean as errors.
 * All calls share one keep-alive agent and one limiter. Knows no route.
 */
export class Transport {
  readonly endpoint: string;
  private readonly http: AxiosInstance;
  private readonly limiter: RateLimiter;
  private readonly retries: RetryPolicy;
  private clockOffset: number | undefined;

  constructor(options: TransportOptions) {
    this.endpoint = options.endpoint.replace(/\/+$/, "");
    this.retries = { ...defaultRetryPolicy, ...options.retries };
    const requestTimeout = options.requestTimeout ?? 30_000;
    this.http = axios.create({
      baseURL: this.endpoint,
      adapter: "http",
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        "user-agent": options.userAgent ?? "pulumi-seam",
      },
      httpAgent: new http.Agent({ keepAlive: true, maxSockets: 256 }),
      httpsAgent: new https.Agent({ keepAlive: true, maxSockets: 256 }),
      maxRedirects: 0,
      responseType: "text",
      transformResponse: (body: unknown) => body,
    });
    this.limiter = new RateLimiter({ retryAfterCap: this.retries.delayCap });
    const { limiter } = this;
    this.http.interceptors.request.use(async (config: InternalAxiosRequestConfig & Attempt) => {
      const { deadline = noDeadline } = config;
      config.turn = await beforeDeadline(limiter.acquire(), deadline);
      const left = deadline - performance.now();
      if (config.turn === undefined || left <= 0) throw new SeamDeadlineError({ route: config.url ?? "" });
      // For the whole attempt: axios' own timeout would let an answer trickle in for ever.
      config.signal = AbortSignal.timeout(Math.ceil(Math.min(requestTimeout, left)));
      return config;
    });
    this.http.interceptors.response.use(
      (response) => {
        limiter.onAccepted();
        this.readServerClock(response.headers.date);
        response.data = parseJson(response.data, (reason) => {
          throw new AxiosError(reason, unreadableCode, response.config, response.request, response);
        });
        return response;
      },
      (error: AxiosError) => {
        const turn = (error.config as Attempt | undefined)?.turn ?? 0;
        if (error.code === AxiosError.ERR_CANCELED) error.code = AxiosError.ETIMEDOUT;
        // The next attempt gets its own; this one's would cut the pause before it short.
        if (error.config !== undefined) delete error.config.signal;
        if (error.response?.status === 429) limiter.onLimited(turn, retryAfter(error.response.headers));
        throw error;
      },
    );
    // Registered last, so that every attempt has passed the limiter before it is judged.
    axiosRetry(this.http);
  }

  /** Whether Seam answered 429 before, so that calls are held back to what it accepts. */
  get limited(): boolean {
    return this.limiter.limited;
  }

  /** Seam's clock, from the `Date` header of its last answer (whole seconds); the local clock before the first one. */
  serverNow(): Date {
    return new Date(Date.now() + (this.clockOffset ?? 0));
  }

  /**
   * Sends a call, again and again as far as its kind and its deadline allow.
   *
   * @throws SeamError
   */
  async send(call: Call): Promise<Answer> {
    const { route, body, kind, deadline } = call;
    try {
      const request = { "axios-retry": retriesOf(kind, this.retries, deadline), deadline };
      const { data, status, headers } = await this.http.post<unknown>(route, body, request);
      return { data, status, requestId: requestIdOf(headers) };
    } catch (error) {
      throw seamError(error, route, this.endpoint);
    }
  }

  private readServerClock(date: unknown): void {
    const seen = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(seen)) this.clockOffset = seen - Date.now();
  }
}

function parseJson(text: unknown, fail: (reason: string) => never): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return fail("the body is not JSON");
  }
}

function requestIdOf(headers: Record<string, unknown>): string | undefined {
  const header = headers["seam-request-id"];
  return typeof header === "string" ? header : undefined;
}

/** Keeps nothing of the AxiosError: printed, it would show the API key. */
function seamError(error: unknown, route: string, endpoint: string): unknown {
  if (!(error instanceof AxiosError)) return error;
  const { response } = error;
  if (response === undefined) {
    return new SeamNoAnswerError({ route, endpoint, code: error.code ?? "no answer" });
  }
  const { status } = response;
  const requestId = requestIdOf(response.headers);
  if (error.code === unreadableCode) {
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
