import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that gives the same answer to every request to a route, for answers that the simulator would never give. */
export interface AnsweringSeam {
  url: string;
  /** Answers by route; a route without an answer is a 404. */
  answers: Record<string, object>;
  /** The routes that were called, in order. */
  requests: string[];
  close(): Promise<void>;
}

export async function answeringSeam(): Promise<AnsweringSeam> {
  const answers: Record<string, object> = {};
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      const route = request.url ?? "";
      requests.push(route);
      const answer = answers[route];
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(
        JSON.stringify(
          answer === undefined
            ? { ok: false, error: { type: "not_found", message: "no such thing" } }
            : { ok: true, ...answer },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answers,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
