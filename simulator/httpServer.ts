import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parse } from "node:querystring";
import { ApiError } from "./errors";

/** An incoming call with its parsed body. */
export interface HttpCall {
  method: string;
  /** Without the query string. */
  path: string;
  headers: IncomingHttpHeaders;
  query: Readonly<Record<string, string | string[]>>;
  /** The JSON object of the body; empty if there is none. */
  body: Readonly<Record<string, unknown>>;
  /** The connection, for faults that close it. */
  socket: Socket;
}

export interface HttpAnswer {
  status: number;
  headers?: Readonly<Record<string, string | number>>;
  body: string;
}

/** Handles a call. Undefined leaves the connection without a response. */
export type HttpHandler = (call: HttpCall) => HttpAnswer | undefined | Promise<HttpAnswer | undefined>;

/** The largest body, in bytes. */
const bodyLimit = 2 ** 20;
/** In milliseconds. Longer than clients keep idle connections, so that no connection is closed while a call is in flight. */
const keepAliveTimeout = 72_000;

/** A response with a JSON body. */
export function json(value: unknown, status = 200): HttpAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/**
 * A minimal HTTP server with exact paths and JSON bodies, which is all that the simulator needs. It needs no packages, which
 * every user of the provider would have to install.
 */
export class HttpServer {
  private readonly server = createServer({ keepAliveTimeout }, (request, response) => {
    void this.serve(request, response);
  });
  private readonly sockets = new Set<Socket>();
  private readonly handlers = new Map<string, HttpHandler>();
  private address: { host: string; port: number } | undefined;
  private isClosed = false;

  /**
   * @param check Throws to reject a call before its body is read.
   * @param fallback Handles calls that match no route.
   */
  constructor(
    private readonly check: (headers: IncomingHttpHeaders) => void,
    private readonly fallback: HttpHandler,
  ) {
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
  }

  route(method: string, path: string, handler: HttpHandler): void {
    this.handlers.set(`${method} ${path}`, handler);
  }

  /**
   * Listens, and returns the port.
   *
   * @throws Error if the port is in use.
   */
  async listen(host: string, port: number): Promise<number> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.server.once("error", reject);
        this.server.listen(port, host, () => {
          this.server.off("error", reject);
          resolve();
        });
      });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
      const problem = `port ${port} on ${host} is in use by another program`;
      throw new Error(
        `${problem}: stop that program, or choose another port (\`--port\` of the command; 0 takes any free one)`,
      );
    }
    this.address = { host, port: (this.server.address() as AddressInfo).port };
    return this.address.port;
  }

  /** Closes all connections and stops listening for this time, so that the operating system refuses new ones. */
  refuse(milliseconds: number): void {
    this.server.close();
    this.endConnections();
    setTimeout(() => {
      const { address, server } = this;
      if (address !== undefined && !this.isClosed && !server.listening) server.listen(address);
    }, milliseconds).unref();
  }

  /** Closes all connections, including those that wait for a response. */
  async close(): Promise<void> {
    this.isClosed = true;
    // An error means that the server was not listening, which is fine.
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.endConnections();
    await closed;
  }

  private endConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answer: HttpAnswer | undefined;
    try {
      this.check(request.headers);
      answer = await this.answer(request);
    } catch (error) {
      const failure =
        error instanceof ApiError
          ? error
          : new ApiError(500, "internal_error", error instanceof Error ? error.message : String(error));
      answer = json(failure.body("none"), failure.status);
    }
    if (answer === undefined || response.destroyed) return;
    // The rest of an unread body cannot be distinguished from the next call.
    if (!request.complete) response.setHeader("connection", "close");
    const body = Buffer.from(answer.body);
    response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  private async answer(request: IncomingMessage): Promise<HttpAnswer | undefined> {
    const { method = "GET", url = "/", headers, socket } = request;
    const queryAt = url.indexOf("?");
    const path = queryAt < 0 ? url : url.slice(0, queryAt);
    const handler = this.handlers.get(`${method} ${path}`) ?? this.fallback;
    return handler({
      method,
      path,
      headers,
      query: queryAt < 0 ? {} : queryOf(url.slice(queryAt + 1)),
      body: method === "GET" || method === "HEAD" ? {} : await readBody(request),
      socket,
    });
  }
}

function queryOf(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(parse(text))) if (value !== undefined) query[name] = value;
  return query;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const { headers } = request;
  const isEmpty = headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
  const type = headers["content-type"];
  if (type === undefined && isEmpty) return {};
  // A web page can send other types without a preflight request.
  if (type?.split(";")[0]?.trim().toLowerCase() !== "application/json") {
    throw new ApiError(415, "unsupported_media_type", "A body must be application/json");
  }
  const tooLarge = new ApiError(413, "payload_too_large", `A body must be at most ${bodyLimit} bytes`);
  if (Number(headers["content-length"] ?? 0) > bodyLimit) throw tooLarge;
  const parts: Buffer[] = [];
  let length = 0;
  // Not with `for await`, which would close the connection, and lose the response, when it stops early.
  await new Promise<void>((resolve, reject) => {
    request.on("data", (part: Buffer) => {
      length += part.length;
      if (length <= bodyLimit) parts.push(part);
      else {
        request.pause();
        reject(tooLarge);
      }
    });
    request.once("end", resolve);
    request.once("error", reject);
  });
  const text = Buffer.concat(parts).toString("utf8");
  // A call without parameters sends an empty body.
  if (text === "") return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError(400, "invalid_json", "The body is not JSON");
  }
  if (body === null) return {};
  if (typeof body === "object" && !Array.isArray(body)) return { ...body };
  throw new ApiError(400, "invalid_input", "The body must be a JSON object");
}
