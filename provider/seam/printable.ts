/** The replacement for each run of removed characters, so that a name with hidden characters differs from one without. */
const removed = "\u{fffd}";

/** Colors, cursor movements and similar sequences. The length is limited, because terminals ignore longer ones. */
const terminalSequence = "(?:\\u{1b}\\[|\\u{9b})[0-?]{0,64}[ -/]{0,8}[@-~]";
/** Line breaks and tabs of all scripts. */
const lineBreak = /[\t\n\v\f\r\u{85}\u{2028}\u{2029}]+/gu;
/**
 * Characters that have an effect and are invisible: control characters, bidirectional and other format characters, zero-width
 * and filler characters, lone surrogates. The two variation selectors of emoji are excluded.
 */
const invisible = new RegExp(
  `(?:${terminalSequence}|(?![\\u{fe0e}\\u{fe0f}])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Default_Ignorable_Code_Point}])+`,
  "gu",
);
/** GitHub's commands, which have an effect at the start of a line. Any word may be there once a line is wrapped, but no part of a URN. */
const commandAtStart = /(?<=^|\s)::+/gu;
/** Azure's, TeamCity's and GitHub's older commands, which have an effect anywhere in a line. */
const commandAnywhere = /##(?=\w{0,32}\[)/gu;

/**
 * Makes text from elsewhere (Seam, a preview, a checkout) safe for a line of output: no terminal and no CI log acts on it.
 *
 * Line breaks become spaces. Terminal sequences, control characters, bidirectional controls and zero-width characters become
 * `\u{fffd}`. Workflow commands (`::error::`, `##[group]`, `##vso[task.complete]`) get a space that makes them plain text.
 * Everything else is kept, in any script. Applying it twice changes nothing more.
 *
 * It does not protect Markdown, HTML or CSV, which have their own rules, and masks no personal data: see `redact`.
 *
 * @example printable("Jean\n::error::boom") === "Jean : :error::boom"
 */
export function printable(text: string): string {
  return text
    .replace(lineBreak, " ")
    .replace(invisible, removed)
    .replace(commandAtStart, (colons) => [...colons].join(" "))
    .replace(commandAnywhere, "# #");
}
