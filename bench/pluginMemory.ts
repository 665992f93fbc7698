import { readdirSync, readFileSync } from "node:fs";

/** The interval between checks for the process, in milliseconds. The kernel records the peak. */
const interval = 250;

/** The largest peak of resident memory, in MB, of the plugin processes that a CLI starts during `run` (Linux). */
export async function peakPluginMemory(
  run: (onStart: (processId: number) => void) => Promise<unknown>,
): Promise<number> {
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  try {
    await run((processId) => {
      timer = setInterval(() => {
        peak = Math.max(peak, ...pluginsUnder(processId).map(peakOf));
      }, interval);
    });
  } finally {
    clearInterval(timer);
  }
  return peak;
}

function pluginsUnder(ancestor: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const processId = Number(name);
    if (!Number.isInteger(processId)) continue;
    const fields = read(`/proc/${name}/stat`).split(") ").at(-1)?.split(" ");
    parents.set(processId, Number(fields?.[1]));
  }
  const descends = (processId: number): boolean => {
    for (let at: number | undefined = processId; at !== undefined && at > 1; at = parents.get(at)) {
      if (at === ancestor) return true;
    }
    return false;
  };
  return [...parents.keys()].filter(
    (processId) => descends(processId) && read(`/proc/${processId}/cmdline`).includes("/dynamic-provider"),
  );
}

function peakOf(processId: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(read(`/proc/${processId}/status`))?.[1] ?? 0) / 1024;
}

/** Reads a file of /proc; empty if the process has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
