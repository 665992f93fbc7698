import { MultiBar, Presets, type SingleBar } from "cli-progress";

/** Progress of the stacks: a bar for each in a terminal, otherwise a line at the start and the end of each. */
export class Progress {
  private readonly bars: MultiBar | undefined;
  private readonly running = new Map<string, SingleBar>();

  constructor() {
    if (process.stdout.isTTY) {
      const format = "{stack} {bar} {value}/{total} | {duration_formatted}";
      this.bars = new MultiBar({ format, hideCursor: true, clearOnComplete: false }, Presets.shades_classic);
    }
  }

  begin(stack: string, resources: number): void {
    const bar = this.bars?.create(resources, 0, { stack: stack.padEnd(12) });
    if (bar === undefined) console.log(`${stack}: ${resources} resources`);
    else this.running.set(stack, bar);
  }

  step(stack: string): void {
    this.running.get(stack)?.increment();
  }

  end(stack: string, result: string): void {
    this.running.get(stack)?.stop();
    if (this.bars === undefined) console.log(`${stack}: ${result}`);
  }

  close(): void {
    this.bars?.stop();
  }
}
