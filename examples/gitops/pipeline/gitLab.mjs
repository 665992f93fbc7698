// GitLab's API, as this project's pipelines use it.
import { listAll, request } from "./request.mjs";

const { CI_API_V4_URL: api, CI_PROJECT_ID: project, GITLAB_TOKEN: token = "" } = process.env;
const headers = { "private-token": token };

/** The number of the merge request that the pipeline is about, from a variable of the pipeline that started it. */
export function mergeRequestNumber() {
  const number = process.env.MERGE_REQUEST ?? "";
  if (!/^\d+$/.test(number)) throw new Error("MERGE_REQUEST must be the number of a merge request");
  return number;
}

/** @param path the path below the project, such as "merge_requests/5" */
export async function gitLab(path, method = "GET", body = undefined) {
  return (await request(`${api}/projects/${project}/${path}`, { method, headers, body })).json();
}

/** All entries of a list. */
export function gitLabList(path) {
  return listAll(`${api}/projects/${project}/${path}`, headers);
}

/** The user that the token belongs to. */
export async function self() {
  return (await request(`${api}/user`, { headers })).json();
}

/** A job's artifact, or undefined. GitLab may redirect to another address, which is requested without the token. */
export async function artifact(job, path) {
  const response = await fetch(`${api}/projects/${project}/jobs/${job}/artifacts/${path}`, {
    headers,
    redirect: "manual",
  });
  if (response.status === 404) return undefined;
  const elsewhere = response.headers.get("location");
  const answer = elsewhere === null ? response : await fetch(elsewhere, { redirect: "error" });
  if (!answer.ok) throw new Error(`the artifact ${path} of job ${job} was answered with ${answer.status}`);
  return answer.text();
}
