import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Whether there are colors: where a person watches; `NO_COLOR` turns them off. */
export function colored(stream: NodeJS.WriteStream = process.stdout): boolean {
  return stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}

/** A text in a style, where there are colors. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  // Without this, Node would look at standard output, whichever stream it is.
  return colored(stream) ? styleText(style, text, { validateStream: false }) : text;
}

/** One line on standard error that is written over where a person watches, and is not there elsewhere. */
export class StatusLine {
  private shown = false;

  show(text: string): void {
    if (!process.stderr.isTTY) return;
    // Some terminals do not tell their width, and say 0.
    const width = process.stderr.columns || 80;
    process.stderr.write(`\r\u001b[2K${text.slice(0, width - 1)}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) process.stderr.write("\r\u001b[2K");
    this.shown = false;
  }
}
