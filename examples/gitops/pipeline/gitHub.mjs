// GitHub's API, as this repository's workflows use it.
import { listAll, request } from "./request.mjs";

const {
  GITHUB_API_URL: api = "https://api.github.com",
  GITHUB_REPOSITORY: repository,
  GITHUB_TOKEN: token,
} = process.env;
const headers = {
  authorization: `Bearer ${token}`,
  accept: "application/vnd.github+json",
  "user-agent": "seam-access",
};
const address = (path) => `${api}/repos/${repository}/${path}`;

/** @param path the path below the repository, such as "pulls" */
export async function gitHub(path, method = "GET", body = undefined) {
  return (await request(address(path), { method, headers, body })).json();
}

/** All entries of a list. */
export function gitHubList(path) {
  return listAll(address(path), headers);
}
