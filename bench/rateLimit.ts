import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SeamClient } from "../provider/seam/client";
import { fixedWindow, type RateLimit, slidingWindow } from "../test/unit/provider/seam/rateLimitSimulation";

// Measures how several processes share a limit of 50 requests a second, over HTTP.

const perSecond = 50;
const latencyMs = 50;
const callers = 64;
const lateAfter = 15;
/** The duration of the work at the limit, in seconds. */
const seconds = 60;
const counts = [1, 4, 8] as const;

/** The times of accepted requests in seconds, by process. */
type Accepted = Map<string, number[]>;

interface Setup {
  limit: RateLimit;
  retryAfter: boolean;
}

/** Responds to accepted calls after 50 ms, and with 429 at once. Each process has its own key. */
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

/** The work of one process: each of its callers sends a request as soon as its last one was accepted, until all are done. */
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
  /** The fraction of the limit that was used until the first process was done, and until all were. */
  used: number;
  usedUntilAllDone: number;
  /** The time of the slowest process divided by that of the fastest. */
  slowest: number;
}

/** The time until a second process, which starts later, gets 80 % of its share. */
export interface LateProcess {
  window: string;
  retryAfter: boolean;
  seconds: number;
}

export interface RateLimitResults {
  shared: SharedLimit[];
  late: LateProcess[];
}

/** Measures how a number of processes with the same work share the limit. */
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
  return { used, slowest: Math.max(...ends) / soonest, usedUntilAllDone: seconds / Math.max(...ends) };
}

/** The number of seconds until a process that starts late gets 80 % of its share, averaged over three seconds. */
async function measureLateProcess(setup: Setup, before: number): Promise<number> {
  const accepted: Accepted = new Map();
  const server = await serve(setup, accepted);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const start = (key: string) => fork(__filename, ["--work", endpoint, key, "1000000"]);
  const processes = Array.from({ length: before }, (_, index) => start(`seam_${index}`));
  await new Promise((resolve) => setTimeout(resolve, lateAfter * 1000));
  processes.push(start("seam_late"));
  const acceptedTimes = () => accepted.get("Bearer seam_late") ?? [];
  const share = (0.8 * 3 * perSecond) / (before + 1);
  const startedAt = performance.now() / 1000;
  let after = 0;
  while (after < 45) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = performance.now() / 1000;
    after = now - (acceptedTimes()[0] ?? now);
    // Its first burst does not count.
    if (after >= 4 && acceptedTimes().filter((at) => at >= now - 3).length >= share) break;
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
        const { used, slowest, usedUntilAllDone } = await share({ limit: make(), retryAfter }, processes);
        results.shared.push({ window, retryAfter, processes, used, usedUntilAllDone, slowest });
      }
      say(`a second process comes late, ${window} window, ${retryAfter ? "Retry-After" : "no Retry-After"}`);
      const seconds = await measureLateProcess({ limit: make(), retryAfter }, 1);
      results.late.push({ window, retryAfter, seconds });
    }
  }
  return results;
}

// Run as a child process: `--work <endpoint> <key> <requests>`.
const [mode, endpoint = "", key = "", requests = "0"] = process.argv.slice(2);
if (mode === "--work") void work(endpoint, key, Number(requests)).then(() => process.exit(0));
