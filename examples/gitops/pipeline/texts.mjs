// The texts of the comment that `pulumi-seam plan` does not write.

/** The first line, by which a pipeline finds its own comment again. */
export const marker = "<!-- pulumi-seam plan -->";

const authors = { fork: "a fork", dependabot: "Dependabot" };

/** Explains why the effect of a pull request on access cannot be seen. `author` is "fork" or "dependabot". */
export function unseenBanner(author) {
  return `> [!IMPORTANT]
> **This comes from ${authors[author] ?? "an unknown place"} and was previewed against an empty stack, without secrets.** Everything reads as created;
> what it changes or deletes **cannot be seen here**, so the check fails. The code of the pull request wrote the text below.
> To see what a merge would do, read the commits, then push them to a branch of this repository.`;
}

/** The comment after a failed preview. It replaces an older one, which would describe another commit. */
export function failureText(runUrl = "") {
  const run = runUrl === "" ? "the log of the run" : `[the run](${runUrl})`;
  return `${marker}

> [!CAUTION]
> **Seam access: the preview failed**, so the effect of this commit on people's access is unknown. See ${run}.
`;
}
