import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request, as the script receives it. */
export interface ScriptedRequest {
  route: string;
  body: Record<string, unknown>;
  /** How many requests to this route were received before it. */
  earlier: number;
  headers: IncomingMessage["headers"];
}

/** What a script answers: a body with status 200, a full answer, or a function that writes the response itself. */
export type ScriptedAnswer =
  { body: unknown; status?: number; headers?: Record<string, string> } | ((response: ServerResponse) => void);

/** A server on loopback whose answers a test writes itself, for answers that the simulator would never give. */
export class ScriptedSeam {
  readonly requests: ScriptedRequest[] = [];

  private constructor(private readonly server: Server) {}

  static async start(
    script: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>,
  ): Promise<ScriptedSeam> {
    const server = createServer((incoming, response) => {
      void (async () => {
        let text = "";
        for await (const chunk of incoming) text += String(chunk);
        const route = incoming.url ?? "";
        const earlier = seam.callsTo(route);
        const body = JSON.parse(text) as Record<string, unknown>;
        const request = { route, body, earlier, headers: incoming.headers };
        seam.requests.push(request);
        const answer = await script(request);
        if (typeof answer === "function") return answer(response);
        response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
        response.end(JSON.stringify(answer.body));
      })();
    });
    const seam = new ScriptedSeam(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return seam;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  callsTo(route: string): number {
    return this.requests.filter((request) => request.route === route).length;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** The answer for a route or an object that does not exist. */
export function notFound(type: string): ScriptedAnswer {
  return { status: 404, body: { ok: false, error: { type, message: "not found" } } };
}
