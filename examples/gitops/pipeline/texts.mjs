// The sentences of the comment that do not come from `pulumi-seam plan`.

/** The first line, by which a pipeline finds its own comment again. */
export const marker = "<!-- pulumi-seam plan -->";

export const forkBanner = `> [!IMPORTANT]
> **This comes from a fork, and was previewed against an empty stack, without secrets.** Everything reads as created;
> what it changes or deletes **cannot be seen here**. The fork's own code wrote what stands below. To see what a merge would do,
> push the commits to a branch of this repository, after reading them.`;

/** Stands in place of an older comment, which would tell of another commit. */
export function failureText(runUrl = "") {
  const run = runUrl === "" ? "the log of the run" : `[the run](${runUrl})`;
  return `${marker}

> [!CAUTION]
> **Seam access: the preview failed**, so nobody knows what this commit does to people's access. See ${run}.
`;
}
