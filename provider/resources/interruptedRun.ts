import type { SeamClient } from "../seam/client";

/** What looks like this program's and is younger than this can have been left by an interrupted run. Milliseconds. */
const interruptedRunAge = 60 * 60 * 1000;

/** Whether a run that was interrupted can have made it, by Seam's own clock. `createdAt` is ISO 8601. */
export function isRecent(client: SeamClient, createdAt: string): boolean {
  return client.serverNow().getTime() - Date.parse(createdAt) < interruptedRunAge;
}
