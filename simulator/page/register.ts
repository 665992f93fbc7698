import { notFound } from "../errors";
import { type HttpAnswer, type HttpServer, json } from "../httpServer";
import type { Simulation } from "../simulation";
import { document } from "./document";
import { script } from "./script";
import { style } from "./style";
import { viewOf } from "./view";

/** Headers that forbid external scripts, styles and connections, forms, framing, and use by pages of other origins. */
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** Registers the page at `/`. All its routes only read. */
export function registerPage(http: HttpServer, prefix: string, simulation: Simulation): void {
  const serve = (path: string, type: string, body: string): void => {
    const answer: HttpAnswer = { status: 200, headers: { ...headers, "content-type": type }, body };
    http.route("GET", path, () => answer);
  };
  serve("/", "text/html; charset=utf-8", document);
  serve(`${prefix}/page.css`, "text/css; charset=utf-8", style);
  serve(`${prefix}/page.js`, "text/javascript; charset=utf-8", script);
  http.route("GET", `${prefix}/view`, ({ query }) => {
    const { workspaces, first } = simulation;
    const id = query.workspace_id;
    const workspace = id === undefined ? first : workspaces.get(String(id));
    if (workspace === undefined) throw notFound("workspace", String(id));
    const answer = json(viewOf(workspace, workspaces.values()));
    return { ...answer, headers: { ...answer.headers, ...headers } };
  });
}
