import { randomUUID } from "node:crypto";
import { registerAdmin } from "./admin";
import type { Behavior } from "./behavior";
import { ApiError } from "./errors";
import type { Fault } from "./faults";
import { type HttpAnswer, type HttpCall, HttpServer, json } from "./httpServer";
import { assertLocal, loopbackAddress } from "./localOnly";
import { checkParameters, fromQuery, type Parameters } from "./parameters";
import { registerPage } from "./page/register";
import type { LoggedCall } from "./requestLog";
import { routes } from "./routes";
import { type Route, unknownRoute } from "./routes/route";
import { Simulation } from "./simulation";
import type { Workspace } from "./workspace/workspace";

/** Options of {@link startSimulator}. */
export interface SimulatorOptions {
  /** Default 0: any free port. */
  port?: number;
  /** A loopback address. Default 127.0.0.1, which `localhost` also means. */
  host?: string;
  /**
   * The key of the first workspace. Default: a new random one at every start, which is in the result.
   *
   * @default random
   */
  apiKey?: string;
  /**
   * A JSON file that keeps the workspaces, without their keys, from one start to the next. Every response is sent after its
   * changes were written. Two simulators cannot use one file at the same time.
   */
  stateFile?: string;
  behavior?: Partial<Behavior>;
  /** The seed of random values, to repeat a run. Default random. */
  seed?: number;
}

/** A running simulator. */
export interface Simulator {
  /** The value for `SEAM_ENDPOINT`. */
  url: string;
  /** The value for `SEAM_API_KEY`. */
  apiKey: string;
  /** A personal access token (`seam_at…`), which every workspace accepts with the header `seam-workspace`. */
  personalAccessToken: string;
  workspaceId: string;
  seed: number;
  /** Stops the simulator and closes all connections, including waiting ones. */
  close(): Promise<void>;
}

const adminPrefix = "/_simulator";

/**
 * Starts a local Seam workspace. It listens on loopback only, and is controlled by its admin interface under `/_simulator`
 * (see the README next to this file).
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
  private readonly http: HttpServer;

  constructor(
    private readonly simulation: Simulation,
    private readonly host: string,
  ) {
    this.http = new HttpServer(assertLocal, (call) => this.answer(unknownPathRoute(call.path), call));
    registerAdmin(this.http, adminPrefix, simulation);
    registerPage(this.http, adminPrefix, simulation);
    for (const route of routes) {
      for (const method of ["POST", ...route.verbs]) {
        this.http.route(method, route.path, (call) => this.answer(route, call));
      }
    }
  }

  listen(port: number): Promise<number> {
    return this.http.listen(this.host, port);
  }

  async close(): Promise<void> {
    await this.simulation.stop();
    await this.http.close();
  }

  private async answer(route: Route, call: HttpCall): Promise<HttpAnswer | undefined> {
    const arrivedAt = Date.now();
    const startedAt = performance.now();
    const { simulation } = this;
    const given: Parameters = { ...call.query, ...call.body };
    const logged = simulation.log.add({
      at: arrivedAt,
      method: call.method,
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
    const headers: Record<string, string | number> = {
      "seam-request-id": requestId,
      "content-type": "application/json",
    };
    // A request over the rate limit is rejected before it is handled, so it has no latency.
    const refused = handled && !simulation.withinRate();
    if (!refused && !(fault?.kind === "status" && fault.status === 429)) await pause(simulation.latency());
    if (handled) {
      try {
        const workspace = simulation.authorize(call.headers);
        if (refused) throw new ApiError(429, "rate_limit_exceeded", "Too many requests");
        body = { ...(await this.handle(route, workspace, call, arrivedAt)), ok: true };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        status = error.status;
        body = error.body(requestId);
        const retryAfter = simulation.retryAfter(error);
        if (retryAfter !== undefined) headers["retry-after"] = retryAfter;
      }
    }
    logged.durationMs = performance.now() - startedAt;
    simulation.trigger("after", logged);
    // Changes are saved before the response, so that they last even if this process is killed right after it.
    await simulation.saved();
    if (fault !== undefined) return this.applyFault(fault, logged, call, body);
    logged.status = status;
    return { status, headers, body: JSON.stringify(body) };
  }

  private handle(
    route: Route,
    workspace: Workspace,
    call: HttpCall,
    arrivedAt: number,
  ): object | Promise<object> {
    const given = { ...fromQuery(call.query, route.spec), ...call.body };
    const { behavior } = this.simulation;
    const checked = checkParameters(given, route.spec);
    route.check?.(checked);
    const applied = Object.entries(checked).filter(
      ([name]) => !behavior.ignoredFilters.includes(`${route.path} ${name}`),
    );
    return route.handle({
      workspace,
      parameters: Object.fromEntries(applied),
      arrivedAt,
      behavior,
    });
  }

  private applyFault(fault: Fault, logged: LoggedCall, call: HttpCall, body: object): HttpAnswer | undefined {
    switch (fault.kind) {
      case "refuse":
        this.http.refuse(fault.forMs ?? 200);
        return undefined;
      case "reset-before":
      case "reset-after":
        call.socket.destroy();
        return undefined;
      case "hang":
        return undefined;
      case "bad-gateway": {
        logged.status = 502;
        const headers = { "content-type": "text/html" };
        return { status: 502, headers, body: "<html><body><h1>502 Bad Gateway</h1></body></html>" };
      }
      case "truncated-json": {
        logged.status = 200;
        const complete = json(body);
        return { ...complete, body: complete.body.slice(0, Math.max(1, complete.body.length / 2)) };
      }
      case "status": {
        logged.status = fault.status;
        const requestId = randomUUID();
        const type = statusTypes[fault.status] ?? "internal_error";
        const error = new ApiError(fault.status, type, "This is a fault that somebody asked for");
        const answer = json(error.body(requestId), fault.status);
        const retryAfter = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
        return { ...answer, headers: { ...answer.headers, ...retryAfter, "seam-request-id": requestId } };
      }
    }
  }
}

/** The route for a path that Seam does not have. Its calls are logged and subject to faults, like any other. */
function unknownPathRoute(path: string): Route {
  return {
    path,
    verbs: [],
    spec: {},
    handle: () => {
      throw unknownRoute(path);
    },
  };
}

const statusTypes: Readonly<Record<number, string>> = {
  401: "unauthorized",
  404: "not_found",
  429: "rate_limit_exceeded",
  503: "service_unavailable",
};

function idsIn(given: Parameters): Record<string, string> {
  const ids = Object.entries(given).filter(
    ([name, value]) => name.endsWith("_id") && typeof value === "string",
  );
  return Object.fromEntries(ids) as Record<string, string>;
}

function pause(milliseconds: number): Promise<void> | undefined {
  return milliseconds <= 0 ? undefined : new Promise((resolve) => setTimeout(resolve, milliseconds));
}
