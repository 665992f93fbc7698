import { NotUnderstoodError } from "./notUnderstood";

const expected = "Give what `pulumi preview --json` printed, and nothing else";

/** The JSON documents in a preview: one, or one per line as the CLI streams them. */
export function documentsOf(bytes: Uint8Array): unknown[] {
  const text = decoded(bytes).trim();
  if (text === "") throw new NotUnderstoodError(`the preview is empty. ${expected}`);
  const single = parsed(text);
  if (single !== undefined) return [single.value];
  const lines = text.split("\n").map((line) => line.trim());
  const documents = lines.filter((line) => line !== "").map(parsed);
  if (documents.every((document) => document !== undefined)) {
    return documents.map((document) => document?.value);
  }
  throw new NotUnderstoodError(`${describeProblem(text)}. ${expected}`);
}

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const zeros = bytes.subarray(0, 200).filter((byte) => byte === 0).length;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || zeros > 20) {
    throw new NotUnderstoodError(
      "the preview is UTF-16 text, as `>` writes it in Windows PowerShell. Write it as UTF-8: `pulumi preview --json | Out-File -Encoding utf8 preview.json`, or run `pulumi-seam plan` without a file",
    );
  }
  try {
    // The decoder drops a byte order mark.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new NotUnderstoodError(
      "the preview is not UTF-8 text; was the file damaged, or is it another one?",
    );
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Describes what is wrong with input that is not JSON. */
function describeProblem(text: string): string {
  const start = text.search(/^\s*[{[]/m);
  if (start === -1) return "this is not what `pulumi preview --json` prints: it contains no JSON";
  const [before, json] = [text.slice(0, start).trim(), text.slice(start).trim()];
  const end = Math.max(json.lastIndexOf("}"), json.lastIndexOf("]")) + 1;
  const after = json.slice(end).trim();
  // For example the lines that `npm run` prints before, or an update notice after.
  if (parsed(json.slice(0, end)) !== undefined && before + after !== "") {
    const where = before === "" ? "after" : after === "" ? "before" : "before and after";
    return `there is other text ${where} the JSON of the preview`;
  }
  return "this is not what `pulumi preview --json` prints: its JSON is cut off or broken";
}
