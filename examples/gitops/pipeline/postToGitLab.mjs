// Posts comment.md on the merge request, or replaces the last one.
import { existsSync, readFileSync } from "node:fs";
import { gitLab, gitLabList, mergeRequestNumber, self } from "./gitLab.mjs";
import { withoutCommands } from "./inertText.mjs";
import { failureText, marker } from "./texts.mjs";

const notes = `merge_requests/${mergeRequestNumber()}/notes`;
const text = existsSync("comment.md") ? readFileSync("comment.md", "utf8") : failureText(process.env.RUN_URL);
const body = withoutCommands(text);
const { id } = await self();
// Anyone can write the marker; only the pipeline's own note is replaced.
const last = (await gitLabList(notes)).find((note) => note.author.id === id && note.body.startsWith(marker));
await (last === undefined ? gitLab(notes, "POST", { body }) : gitLab(`${notes}/${last.id}`, "PUT", { body }));
