import { randomUUID } from "node:crypto";
import type { AddressInfo, Socket } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { registerAdmin } from "./admin";
import type { Behavior } from "./behavior";
import { ApiError, refusedBody } from "./errors";
import type { Fault } from "./faults";
import { assertLocal, loopbackAddress } from "./localOnly";
import { checkParameters, fromQuery, type Parameters } from "./parameters";
import type { LoggedCall } from "./requestLog";
import { routes } from "./routes";
import { type Route, unknownRoute } from "./routes/route";
import { Simulation } from "./simulation";
import type { Workspace } from "./workspace/workspace";

/** Options of {@link startSimulator}. */
export interface SimulatorOptions {
  /** Default 0: any free port. */
  port?: number;
  /** A loopback address. Default 127.0.0.1, which `localhost` stands for too. */
  host?: string;
  /**
   * The key of the first workspace. Default: a new random one at every start, in the result.
   *
   * @default random
   */
  apiKey?: string;
  /**
   * A JSON file that keeps the workspaces, without their keys, from one start to the next. Every answer is sent after the
   * file holds what it says. Two simulators cannot use one file at a time.
   */
  stateFile?: string;
  behavior?: Partial<Behavior>;
  /** Makes what is random repeatable. Default random. */
  seed?: number;
}

/** A running simulator. */
export interface Simulator {
  /** What to set `SEAM_ENDPOINT` to. */
  url: string;
  /** What to set `SEAM_API_KEY` to. */
  apiKey: string;
  /** A personal access token (`seam_at…`), which every workspace accepts with the header `seam-workspace`. */
  personalAccessToken: string;
  workspaceId: string;
  seed: number;
  /** Ends all connections, waiting ones included. */
  close(): Promise<void>;
}

const adminPrefix = "/_simulator";

/**
 * Starts a local Seam workspace. It listens on loopback only; what it does is told by its admin interface under
 * `/_simulator` (see the README beside this file).
 *
 * @throws Error if the port is in use, the host is not loopback, or the state file cannot be read or is in use.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = loopbackAddress(options.host);
  const simulation = new Simulation(options);
  const server = new SimulatorServer(simulation, host);
  let port: number;
  try {
    port = await server.listen(options.port ?? 0);
  } catch (error) {
    await server.close();
    throw error;
  }
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    apiKey: simulation.apiKey,
    personalAccessToken: simulation.personalAccessToken,
    workspaceId: simulation.first.id,
    seed: simulation.seed,
    close: () => server.close(),
  };
}

class SimulatorServer {
  private readonly app: FastifyInstance;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly host: string,
  ) {
    this.app = fastify({ logger: false, exposeHeadRoutes: false });
    this.app.addHook("onRequest", async (request) => {
      assertLocal(request.headers);
    });
    // A page of the web can send other types without asking first.
    this.app.removeAllContentTypeParsers();
    // An empty body is what a call without parameters sends.
    this.app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
      try {
        done(null, body === "" ? {} : JSON.parse(String(body)));
      } catch {
        done(new ApiError(400, "invalid_json", "The body is not JSON"));
      }
    });
    this.app.server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    registerAdmin(this.app, adminPrefix, simulation);
    for (const route of routes) {
      this.app.route({
        method: ["POST", ...route.verbs],
        url: route.path,
        handler: (request, reply) => this.answer(route, request, reply),
      });
    }
    this.app.setNotFoundHandler((request, reply) => {
      const path = request.url.split("?")[0] ?? "";
      return this.answer(
        {
          path,
          verbs: [],
          spec: {},
          handle: () => {
            throw unknownRoute(path);
          },
        },
        request,
        reply,
      );
    });
    this.app.setErrorHandler((error, _request, reply) => {
      const failure =
        error instanceof ApiError
          ? error
          : (refusedBody(statusOf(error)) ??
            new ApiError(500, "internal_error", error instanceof Error ? error.message : String(error)));
      void reply.code(failure.status).send(failure.body("none"));
    });
  }

  async listen(port: number): Promise<number> {
    try {
      await this.app.listen({ host: this.host, port });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
      const problem = `port ${port} on ${this.host} is in use by another program`;
      throw new Error(`${problem}: stop that program, or choose another port (0 takes any free one)`);
    }
    this.port = (this.app.server.address() as AddressInfo).port;
    return this.port;
  }

  async close(): Promise<void> {
    await this.simulation.stop();
    for (const socket of this.sockets) socket.destroy();
    await this.app.close();
  }

  private async answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const arrivedAt = Date.now();
    const startedAt = performance.now();
    const { simulation } = this;
    const given = { ...(request.query as object), ...((request.body as object | null) ?? {}) } as Parameters;
    const logged = simulation.log.add({
      at: arrivedAt,
      method: request.method,
      path: route.path,
      ids: idsIn(given),
      status: undefined,
      fault: undefined,
      durationMs: undefined,
    });
    simulation.trigger("before", logged);
    const fault = simulation.faultFor(logged);
    logged.fault = fault?.kind;
    const handled =
      fault === undefined ||
      fault.kind === "reset-after" ||
      fault.kind === "truncated-json" ||
      (fault.kind === "hang" && fault.handled === true);
    const requestId = randomUUID();
    let status = 200;
    let body: object = {};
    // Too many requests are refused before anything is done for them, so without the latency of what is done.
    const refused = handled && !simulation.withinRate();
    if (!refused && !(fault?.kind === "status" && fault.status === 429)) await pause(simulation.latency());
    if (handled) {
      try {
        const workspace = simulation.authorize(request.headers);
        if (refused) throw new ApiError(429, "rate_limit_exceeded", "Too many requests");
        body = { ...(await this.handle(route, workspace, request, arrivedAt)), ok: true };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        status = error.status;
        body = error.body(requestId);
        const retryAfter = simulation.retryAfter(error);
        if (retryAfter !== undefined) void reply.header("retry-after", retryAfter);
      }
    }
    logged.durationMs = performance.now() - startedAt;
    simulation.trigger("after", logged);
    // What an answer says stays so, even if this process is killed right after it.
    await simulation.saved();
    if (fault !== undefined) return this.goWrong(fault, logged, request, reply, body);
    logged.status = status;
    return reply
      .code(status)
      .header("seam-request-id", requestId)
      .header("content-type", "application/json")
      .send(JSON.stringify(body));
  }

  private handle(
    route: Route,
    workspace: Workspace,
    request: FastifyRequest,
    arrivedAt: number,
  ): object | Promise<object> {
    const query = fromQuery(request.query as Record<string, string | string[]>, route.spec);
    const given = { ...query, ...((request.body as Parameters | null) ?? {}) };
    const { behavior } = this.simulation;
    const checked = checkParameters(given, route.spec);
    route.check?.(checked);
    const heeded = Object.entries(checked).filter(
      ([name]) => !behavior.ignoredFilters.includes(`${route.path} ${name}`),
    );
    return route.handle({
      workspace,
      parameters: Object.fromEntries(heeded),
      arrivedAt,
      behavior,
    });
  }

  private goWrong(
    fault: Fault,
    logged: LoggedCall,
    request: FastifyRequest,
    reply: FastifyReply,
    body: object,
  ): unknown {
    const requestId = randomUUID();
    switch (fault.kind) {
      case "refuse":
        this.refuse(fault.forMs ?? 200);
        return reply.hijack();
      case "reset-before":
      case "reset-after":
        request.raw.socket.destroy();
        return reply.hijack();
      case "hang":
        return reply.hijack();
      case "bad-gateway":
        logged.status = 502;
        return reply.code(502).type("text/html").send("<html><body><h1>502 Bad Gateway</h1></body></html>");
      case "truncated-json": {
        logged.status = 200;
        const whole = JSON.stringify(body);
        return reply.type("application/json").send(whole.slice(0, Math.max(1, whole.length / 2)));
      }
      case "status": {
        logged.status = fault.status;
        if (fault.retryAfter !== undefined) void reply.header("retry-after", fault.retryAfter);
        const type = statusTypes[fault.status] ?? "internal_error";
        const error = new ApiError(fault.status, type, "This is a fault that somebody asked for");
        return reply.code(fault.status).header("seam-request-id", requestId).send(error.body(requestId));
      }
    }
  }

  /** Nobody listens for a while: what comes is refused by the system. */
  private refuse(milliseconds: number): void {
    const { server } = this.app;
    server.close();
    for (const socket of this.sockets) socket.destroy();
    setTimeout(() => {
      if (!server.listening) server.listen(this.port, this.host);
    }, milliseconds).unref();
  }
}

const statusTypes: Readonly<Record<number, string>> = {
  401: "unauthorized",
  404: "not_found",
  429: "rate_limit_exceeded",
  503: "service_unavailable",
};

function statusOf(error: unknown): number {
  return error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
}

function idsIn(given: Parameters): Record<string, string> {
  const ids = Object.entries(given).filter(
    ([name, value]) => name.endsWith("_id") && typeof value === "string",
  );
  return Object.fromEntries(ids) as Record<string, string>;
}

function pause(milliseconds: number): Promise<void> | undefined {
  return milliseconds <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, milliseconds));
}
