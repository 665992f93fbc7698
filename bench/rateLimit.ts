import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SeamClient } from "../provider/seam/client";
import { fixedWindow, type RateLimit, slidingWindow } from "../test/unit/provider/seam/rateLimitSimulation";

// How several processes share a limit of 50 requests a second, over HTTP.

const perSecond = 50;
const latencyMs = 50;
const callers = 64;
const lateAfter = 15;
/** How long the work takes at the limit, in seconds. */
const seconds = 60;
const counts = [1, 4, 8] as const;

/** Accepted requests, by process, with the second in which each came. */
type Accepted = Map<string, number[]>;

interface Setup {
  limit: RateLimit;
  retryAfter: boolean;
}

/** Answers every call after 50 ms, and 429 at once. Each process has a key of its own. */
async function serve({ limit, retryAfter }: Setup, accepted: Accepted): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      const now = performance.now();
      const wait = limit(now);
      response.setHeader("content-type", "application/json");
      if (wait > 0) {
        if (retryAfter) response.setHeader("retry-after", String(Math.ceil(wait / 1000)));
        response.statusCode = 429;
        response.end('{"ok":false,"error":{"type":"rate_limit_exceeded","message":"Too many requests"}}');
        return;
      }
      const key = request.headers.authorization ?? "";
      accepted.set(key, [...(accepted.get(key) ?? []), now / 1000]);
      setTimeout(() => response.end('{"ok":true,"acs_systems":[]}'), latencyMs);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** One process: so many callers, each of whom sends a request as soon as the last one was accepted, until all are done. */
async function work(endpoint: string, apiKey: string, requests: number): Promise<void> {
  const client = new SeamClient({ apiKey, endpoint });
  let left = requests;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await client.listAcsSystems();
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** How a number of processes shared the limit. */
export interface SharedLimit {
  window: string;
  retryAfter: boolean;
  processes: number;
  /** The part of the limit that was used until the first of them was done, and until all were. */
  used: number;
  usedUntilAllDone: number;
  /** How much longer the slowest took than the fastest. */
  slowest: number;
}

/** After how many seconds a second process first has 80 % of its share. */
export interface LateProcess {
  window: string;
  retryAfter: boolean;
  seconds: number;
}

export interface RateLimitResults {
  shared: SharedLimit[];
  late: LateProcess[];
}

/** When so many processes with the same work each were done, in seconds since the first request. */
async function share(setup: Setup, count: number) {
  const accepted: Accepted = new Map();
  const server = await serve(setup, accepted);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const requests = Math.round((perSecond * seconds) / count);
  const start = (key: string) => once(fork(__filename, ["--work", endpoint, key, String(requests)]), "exit");
  await Promise.all(Array.from({ length: count }, (_, index) => start(`seam_${index}`)));
  server.close();
  const all = [...accepted.values()];
  const first = Math.min(...all.map((times) => times[0] ?? Number.NaN));
  const ends = all.map((times) => (times.at(-1) ?? Number.NaN) - first);
  const soonest = Math.min(...ends);
  const used = all.flat().filter((at) => at - first <= soonest).length / (soonest * perSecond);
  return { used, slowest: Math.max(...ends) / soonest, whole: seconds / Math.max(...ends) };
}

/** After how many seconds a process that comes late first has 80 % of its share, over three seconds. */
async function lateComer(setup: Setup, before: number): Promise<number> {
  const accepted: Accepted = new Map();
  const server = await serve(setup, accepted);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const start = (key: string) => fork(__filename, ["--work", endpoint, key, "1000000"]);
  const processes = Array.from({ length: before }, (_, index) => start(`seam_${index}`));
  await new Promise((resolve) => setTimeout(resolve, lateAfter * 1000));
  processes.push(start("seam_late"));
  const came = () => accepted.get("Bearer seam_late") ?? [];
  const share = (0.8 * 3 * perSecond) / (before + 1);
  const startedAt = performance.now() / 1000;
  let after = 0;
  while (after < 45) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = performance.now() / 1000;
    after = now - (came()[0] ?? now);
    // Its first burst is not a share.
    if (after >= 4 && came().filter((at) => at >= now - 3).length >= share) break;
    if (now - startedAt > 60) break;
  }
  for (const one of processes) one.kill();
  server.close();
  return after;
}

export async function measureRateLimit(say: (line: string) => void): Promise<RateLimitResults> {
  const windows: Record<string, () => RateLimit> = {
    sliding: () => slidingWindow(perSecond),
    fixed: () => fixedWindow(perSecond),
  };
  const results: RateLimitResults = { shared: [], late: [] };
  for (const [window, make] of Object.entries(windows)) {
    for (const retryAfter of [false, true]) {
      for (const processes of counts) {
        say(`${processes} processes, ${window} window, ${retryAfter ? "Retry-After" : "no Retry-After"}`);
        const { used, slowest, whole } = await share({ limit: make(), retryAfter }, processes);
        results.shared.push({ window, retryAfter, processes, used, usedUntilAllDone: whole, slowest });
      }
      say(`a second process comes late, ${window} window, ${retryAfter ? "Retry-After" : "no Retry-After"}`);
      const seconds = await lateComer({ limit: make(), retryAfter }, 1);
      results.late.push({ window, retryAfter, seconds });
    }
  }
  return results;
}

// As a process of its own: `--work <endpoint> <key> <requests>`.
const [mode, endpoint = "", key = "", requests = "0"] = process.argv.slice(2);
if (mode === "--work") void work(endpoint, key, Number(requests)).then(() => process.exit(0));
