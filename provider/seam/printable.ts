/** Leaves one of these for each run of what was removed, so that a name with something hidden in it does not look like one without. */
const removed = "\u{fffd}";

/** Colors, cursor movements and the like; with bounds, because a terminal gives up on longer ones as well. */
const terminalSequence = "(?:\\u{1b}\\[|\\u{9b})[0-?]{0,64}[ -/]{0,8}[@-~]";
/** Line breaks and tabs, of any script. */
const lineBreak = /[\t\n\v\f\r\u{85}\u{2028}\u{2029}]+/gu;
/**
 * Everything that acts and does not show: control characters, bidirectional and other format characters, zero-width and
 * filler characters, lone surrogates. The two variation selectors that come with emoji are left alone.
 */
const invisible = new RegExp(
  `(?:${terminalSequence}|(?![\\u{fe0e}\\u{fe0f}])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Default_Ignorable_Code_Point}])+`,
  "gu",
);
/** GitHub's commands count at the beginning of a line, which may be any word's once a line is wrapped; never within a URN. */
const commandAtStart = /(?<=^|\s)::+/gu;
/** Azure's, TeamCity's and GitHub's older commands count anywhere in a line. */
const commandAnywhere = /##(?=\w{0,32}\[)/gu;

/**
 * Text from elsewhere (Seam, a preview, a checkout) as part of one line of output that no terminal and no CI log acts on.
 *
 * Line breaks become spaces. Terminal sequences, control characters, bidirectional controls and zero-width characters become
 * `\u{fffd}`. Workflow commands (`::error::`, `##[group]`, `##vso[task.complete]`) get a space that makes them plain text.
 * Everything else stays, in any script. Doing it twice changes nothing more.
 *
 * Is no protection in Markdown, HTML or CSV, which have rules of their own, and masks no personal data: see `redact`.
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
