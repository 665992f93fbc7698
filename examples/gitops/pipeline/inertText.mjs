// Makes untrusted text safe to show in a comment.

/** Control characters except tab and line feed, and characters that reorder or hide text. */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Text as a code block, in which images, links, mentions, references and commands have no effect. The text cannot end the block. */
export function fenced(text, most) {
  const shown = text.replace(invisible, "").trimEnd();
  const cut = shown.length <= most ? shown : `${shown.slice(0, most)}\n… (cut)`;
  const longest = Math.max(0, ...[...cut.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}text\n${cut}\n${fence}`;
}

/** Escapes GitLab's quick actions: a line that starts with a slash, such as "/merge", is executed with the rights of its author. */
export function withoutCommands(markdown) {
  return markdown.replace(/^([ \t>]*)\//gm, "$1\\/");
}
