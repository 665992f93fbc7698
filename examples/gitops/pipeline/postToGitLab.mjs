// Posts comment.md on the merge request, or writes over the last one.
import { readFileSync } from "node:fs";
import { marker } from "./texts.mjs";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, GITLAB_TOKEN } = process.env;
const notes = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;

async function call(url, method = "GET", body = undefined) {
  const response = await fetch(url, {
    method,
    headers: { "PRIVATE-TOKEN": GITLAB_TOKEN ?? "", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname} was answered ${response.status}`);
  return response;
}

async function lastNote() {
  const { id: self } = await (await call(`${CI_API_V4_URL}/user`)).json();
  for (let page = "1"; page !== "";) {
    const response = await call(`${notes}?per_page=100&page=${page}`);
    const found = (await response.json()).find(
      ({ author, body }) => author.id === self && body.startsWith(marker),
    );
    if (found !== undefined) return found;
    page = response.headers.get("x-next-page") ?? "";
  }
  return undefined;
}

const last = await lastNote();
const body = readFileSync("comment.md", "utf8");
await (last === undefined ? call(notes, "POST", { body }) : call(`${notes}/${last.id}`, "PUT", { body }));
