/** One line without control characters and without characters that change how the rest is read. */
export function printable(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
