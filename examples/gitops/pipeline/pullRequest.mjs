import { gitHubList } from "./gitHub.mjs";

/**
 * The open pull request that a run of preview.yml was about, or undefined if it has newer commits. Several may have the same head
 * commit, so branch, owner and base must match as well. The run's output is not used, because it could name any pull request.
 */
export async function pullRequestOfRun() {
  const {
    HEAD_SHA: commit,
    HEAD_BRANCH: branch,
    HEAD_REPOSITORY: repository = "",
    BASE_BRANCH: base,
  } = process.env;
  for (const [name, value] of Object.entries({ HEAD_SHA: commit, HEAD_BRANCH: branch, BASE_BRANCH: base })) {
    if (!value) throw new Error(`${name} is not set`);
  }
  const [owner] = repository.split("/");
  const query = new URLSearchParams({ state: "open", base, head: `${owner}:${branch}` });
  const matching = (await gitHubList(`pulls?${query}`)).filter(
    (pull) =>
      pull.state === "open" &&
      pull.base.ref === base &&
      pull.head.sha === commit &&
      pull.head.ref === branch &&
      pull.head.repo?.full_name === repository,
  );
  if (matching.length > 1) {
    const numbers = matching.map(({ number }) => `#${number}`).join(", ");
    throw new Error(
      `${numbers} have the same branch, base and commit, so it is not known which one this run is about`,
    );
  }
  return matching[0];
}
