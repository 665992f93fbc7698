import { fstatSync } from "node:fs";

/**
 * Ends this process, if it is Pulumi's plugin process, as soon as the engine that started it has ended, for example because it
 * was killed. The next run continues an incomplete run, and must not conflict with an old one that is still running.
 *
 * The engine holds the other end of the pipe that is the plugin's standard input, and never writes to it.
 */
export function exitWithEngine(): void {
  const script = process.argv[1] ?? "";
  if (!/dynamic-provider/.test(script) || !isPipe(0)) return;
  process.stdin.once("end", () => process.exit(1));
  process.stdin.resume();
}

function isPipe(fd: number): boolean {
  try {
    const input = fstatSync(fd);
    return input.isFIFO() || input.isSocket();
  } catch {
    return false;
  }
}
