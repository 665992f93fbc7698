import { redact } from "../../provider/seam/redaction";

/** Masks names, e-mail addresses and phone numbers in what a plan shows; keys that hold an address as well. */
export function maskField(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return name === "fullName" ? maskName(value) : redact(value);
}

/** `Jean Doe` becomes `J*** D***`. */
function maskName(name: string): string {
  if (name === "[secret]") return name;
  return name.replace(/[^\s]+/gu, (word) => `${[...word][0] ?? ""}***`);
}
