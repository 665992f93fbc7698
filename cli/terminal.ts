import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Whether to print colors: only in a terminal, and not with `NO_COLOR`. */
export function colored(stream: NodeJS.WriteStream = process.stdout): boolean {
  return stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
}

/** Text in a style, if the stream has colors. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  // Without this, Node would check standard output regardless of the stream.
  return colored(stream) ? styleText(style, text, { validateStream: false }) : text;
}

/** One line on standard error that is overwritten in place in a terminal, and is not printed elsewhere. */
export class StatusLine {
  private shown = false;

  show(text: string): void {
    if (!process.stderr.isTTY) return;
    // Some terminals report a width of 0.
    const width = process.stderr.columns || 80;
    process.stderr.write(`\r\u001b[2K${text.slice(0, width - 1)}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) process.stderr.write("\r\u001b[2K");
    this.shown = false;
  }
}
