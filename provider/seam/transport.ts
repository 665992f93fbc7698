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

/** The most that an answer may have, in bytes and unpacked; a page of 500 objects has about one million. */
const mostBytes = 32 * 2 ** 20;
/** The most levels that an answer's JSON may be nested; Seam's have fewer than ten. */
const mostDepth = 100;

/** How many requests may be under way at once, and how many connections there may be with those that hang. */
const mostAtOnce = 96;
const mostConnections = 256;

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
  /** Whether it closes a door, and so comes before whatever waits for its turn and closes none. Default false. */
  closesDoors?: boolean;
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
  closesDoors?: boolean;
}

/**
 * Sends calls to one Seam workspace: HTTP, the rate limit, retries, time limits, and what Seam's answers mean as errors.
 * All calls share one keep-alive agent and one limiter. Knows no route.
 */
export class Transport {
  readonly endpoint: string;
  private readonly http: AxiosInstance;
  private readonly limiter: RateLimiter;
  private readonly concurrency = new ConcurrencyLimit(mostAtOnce);
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
      httpAgent: new http.Agent({ keepAlive: true, maxSockets: mostConnections }),
      httpsAgent: new https.Agent({ keepAlive: true, maxSockets: mostConnections }),
      maxRedirects: 0,
      maxContentLength: mostBytes,
      // A proxy of plain http would get the key in clear; one of https only passes on what is encrypted to Seam.
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
        // The next attempt gets its own; this one's would cut the pause before it short.
        if (error.config !== undefined) delete error.config.signal;
        if (error.response?.status === 429) limiter.onLimited(turn, retryAfter(error.response.headers));
        throw error;
      },
    );
    // Registered last, so that the limiter knows of every attempt before it is repeated.
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
    const { route, body, kind, closesDoors, deadline } = call;
    try {
      const request = { "axios-retry": retriesOf(kind, this.retries, deadline), deadline, closesDoors };
      const { data, status, headers } = await this.http.post<unknown>(route, body, request);
      return { data, status, requestId: requestIdOf(headers) };
    } catch (error) {
      throw seamError(error, route, this.endpoint);
    }
  }

  /** Sends a request once it is its turn. */
  private async attempt(config: InternalAxiosRequestConfig & Attempt): Promise<AxiosResponse> {
    const { deadline = noDeadline, closesDoors = false } = config;
    const passed = await beforeDeadline(this.limiter.acquire(closesDoors), deadline);
    const send = async (): Promise<AxiosResponse | undefined> => {
      config.turn = performance.now();
      const left = deadline - config.turn;
      if (left <= 0) return undefined;
      // For the whole attempt: axios' own timeout would let an answer trickle in for ever.
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

/** axios gives this no code of its own. */
function isTooLarge(error: AxiosError): boolean {
  return error.code === AxiosError.ERR_BAD_RESPONSE && error.message.startsWith("maxContentLength");
}

function parseJson(body: unknown, fail: (reason: string, code: string) => never): unknown {
  const text = String(body);
  if (isDeeperThan(mostDepth, text)) {
    return fail(`its JSON is nested more than ${mostDepth} levels deep`, excessiveCode);
  }
  try {
    return JSON.parse(text);
  } catch {
    return fail("the body is not JSON", unreadableCode);
  }
}

/** Whether brackets are nested too deep, before anything that parses them uses up the stack. */
function isDeeperThan(most: number, json: string): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (inText) {
      if (character === "\\") index += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') {
      inText = true;
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

/** Keeps nothing of the AxiosError: printed, it would show the API key. */
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
      const reason = `it is larger than ${mostBytes / 2 ** 20} MiB`;
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
