import { readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";

/** A row of a table: the trimmed values of the requested columns, and its line in the file. */
export type Row<Column extends string> = Readonly<Record<Column, string>> & { readonly line: number };

/**
 * Reads a CSV file as people save it, from Excel or by hand: with or without a byte order mark, with any line ending, with commas,
 * semicolons or tabs between values, with blank rows, and with columns in any order, including additional ones. The first row names
 * the columns.
 *
 * Missing or ambiguous data is an error that names the line. A missing column must never be read as empty values: that would remove
 * an attribute, or access, from every person at once.
 *
 * @throws Error if the file is not text in UTF-8 or UTF-16, is not CSV, lacks a column or names it twice, or lists nobody.
 */
export function readTable<const Column extends string>(
  file: string,
  columns: readonly Column[],
): Row<Column>[] {
  const [header, ...rows] = records(file);
  if (header === undefined)
    throw new Error(`${file} is empty; its first row has to name the columns ${columns.join(", ")}`);
  const names = header.values.map((name) => name.toLowerCase());
  const indexes = columns.map((column) => {
    const index = names.indexOf(column.toLowerCase());
    const shown = header.values.map((name) => JSON.stringify(name)).join(", ");
    if (index < 0) {
      throw new Error(
        `${file}, line ${header.line}: the column "${column}" is missing; the columns are ${shown}`,
      );
    }
    if (names.includes(column.toLowerCase(), index + 1)) {
      throw new Error(
        `${file}, line ${header.line}: there is more than one column "${column}"; the columns are ${shown}`,
      );
    }
    return [column, index] as const;
  });
  if (rows.length === 0) {
    throw new Error(`${file} lists nobody. If everybody is to be removed, run \`pulumi destroy\` instead`);
  }
  return rows.map(({ values, line }) => {
    if (values.length !== names.length) {
      throw new Error(
        `${file}, line ${line}: there are ${values.length} values for ${names.length} columns. A value that contains the separator has to be in double quotes`,
      );
    }
    const texts = indexes.map(([column, index]) => [column, values[index] ?? ""] as const);
    return { ...(Object.fromEntries(texts) as Record<Column, string>), line };
  });
}

/** @throws Error that names the line if the value is empty. */
export function required<Column extends string>(file: string, row: Row<Column>, column: Column): string {
  if (row[column] === "") throw new Error(`${file}, line ${row.line}: the column "${column}" is empty`);
  return row[column];
}

/** @throws Error that names both lines if two rows have the same key, regardless of case. */
export function assertUnique<R extends { line: number }>(
  file: string,
  rows: readonly R[],
  what: string,
  keyOf: (row: R) => string | undefined,
): void {
  const lines = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row)?.toLowerCase();
    if (key === undefined || key === "") continue;
    const before = lines.get(key);
    if (before !== undefined) {
      throw new Error(
        `${file}, lines ${before} and ${row.line}: the same ${what} twice. Remove one of the rows, or correct it`,
      );
    }
    lines.set(key, row.line);
  }
}

interface TableRecord {
  values: string[];
  line: number;
}

function records(file: string): TableRecord[] {
  // Excel writes this line if a semicolon separates values.
  const [, declared, text = ""] = /^(?:sep=(.)\r?\n)?(.*)$/is.exec(decode(file)) ?? [];
  const skipped = declared === undefined ? 0 : 1;
  try {
    const parsed: unknown[] = parse(text, {
      delimiter: declared ?? separatorOf(text),
      info: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    });
    return parsed.map((one) => {
      const { record, info } = one as { record: string[]; info: { lines: number } };
      return { values: record, line: info.lines + skipped };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`${file} is not CSV: ${error.message}`);
  }
}

function decode(file: string): string {
  const bytes = readFileSync(file);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  try {
    // Drops the byte order mark.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${file} is not text in ${encoding.toUpperCase()}. Save it as "CSV UTF-8"`);
  }
}

/** The separator in the first row that is not blank. */
function separatorOf(text: string): string {
  const header = text.split(/\r?\n|\r/).find((line) => line.trim() !== "") ?? "";
  const count = (separator: string): number => header.split(separator).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}
