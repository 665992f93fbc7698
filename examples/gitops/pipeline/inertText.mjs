// Text that strangers may have written, made safe to show in a comment.

/** Control characters except tab and line feed, and characters that reorder or hide text. */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A code block: no image, link, mention, reference or command in it has an effect, and the text cannot end it. */
export function fenced(text, most) {
  const shown = text.replace(invisible, "").trimEnd();
  const cut = shown.length <= most ? shown : `${shown.slice(0, most)}\n… (cut)`;
  const longest = Math.max(0, ...[...cut.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}text\n${cut}\n${fence}`;
}

/** GitLab obeys a line that begins with a slash, such as "/merge", in the name of whoever posts it. */
export function withoutCommands(markdown) {
  return markdown.replace(/^([ \t>]*)\//gm, "$1\\/");
}
