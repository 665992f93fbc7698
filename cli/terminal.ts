import { stripVTControlCharacters, styleText } from "node:util";

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

/** The width of the terminal that standard output goes to, or `COLUMNS`; undefined for a file or a pipe, whose lines stay whole. */
export function columns(): number | undefined {
  const given = Number(process.env.COLUMNS);
  if (given > 0) return given;
  // Some terminals report a width of 0.
  return process.stdout.isTTY ? process.stdout.columns || 80 : undefined;
}

/** Breaks lines between words where they are wider than `width`. What follows is indented by two more than the line itself. */
export function wrapped(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  return text
    .split("\n")
    .map((line) => wrappedLine(line, width))
    .join("\n");
}

function wrappedLine(line: string, width: number): string {
  const [start = ""] = /^(?:\u001b\[[\d;]*m| )*/.exec(line) ?? [];
  const indent = widthOf(start);
  const [first = "", ...words] = line.slice(start.length).split(/ +/);
  let result = start + first;
  let used = indent + widthOf(first);
  for (const word of words) {
    const fits = used + 1 + widthOf(word) <= width;
    result += fits ? ` ${word}` : `\n${" ".repeat(indent + 2)}${word}`;
    used = (fits ? used + 1 : indent + 2) + widthOf(word);
  }
  return result;
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
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
