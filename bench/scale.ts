import { SeamClient } from "../provider/seam/client";
import type { SeamEvent } from "../provider/seam/model";
import { DeletionWatcher } from "../provider/teardown/deletionWatcher";
import { tearDownUserIdentity } from "../provider/teardown/teardown";
import { SimulatedWorkspace } from "../test/simulatedWorkspace";

// Measures teardowns of many identities, 64 at a time, without the CLI, while others emit events.

const behavior = { latencyMs: 50, deletionTimeMs: [750, 2250] as [number, number], eventDelayMs: 200 };
const dependents = {
  credentials_per_acs_user: [3, 3],
  phones: 2,
  client_sessions: 2,
  enrollment_automations: 1,
};
const parallel = 64;
const eventsPerPage = 500;

const sizes = [200, 300] as const;
const floods = ["none", "oldestFirst", "newestFirst"] as const;

/** The order in which Seam lists the 500 events a second of others, if there are any. */
type Flood = (typeof floods)[number];

/** One run of a number of teardowns. */
export interface ManyTeardowns {
  identities: number;
  flood: Flood;
  seconds: number;
  requests: number;
  /** The number of these requests that were for events. */
  eventReads: number;
}

/** The same client, with 500 events a second of others in its listings. */
function flooded(client: SeamClient, flood: Flood): SeamClient {
  if (flood === "none") return client;
  const own = client.listEvents.bind(client);
  const listEvents = async (
    since: Date,
    types: readonly string[],
    until = new Date(),
  ): Promise<SeamEvent[]> => {
    const events = await own(since, types);
    const first = Math.ceil(since.getTime() / 2) * 2;
    for (let at = first; at < Math.min(until.getTime(), Date.now()); at += 2) {
      const created_at = new Date(at).toISOString();
      events.push({
        event_id: `other-${at}`,
        event_type: "acs_credential.deleted",
        created_at,
        acs_credential_id: `${at}`,
      });
    }
    const sorted = events
      .filter((event) => Date.parse(event.created_at) <= until.getTime())
      .sort((one, other) => (one.created_at < other.created_at ? -1 : 1));
    return (flood === "oldestFirst" ? sorted : sorted.reverse()).slice(0, eventsPerPage);
  };
  return Object.create(client, { listEvents: { value: listEvents } }) as SeamClient;
}

async function tearDownMany(size: number, flood: Flood): Promise<ManyTeardowns> {
  const seam = await SimulatedWorkspace.start({}, 7);
  const ids: string[] = [];
  for (let index = 0; index < size; index += 1) {
    const person = await seam.act<{ user_identity_id: string }>("person", {
      full_name: `Person ${index}`,
      ...dependents,
    });
    ids.push(person.user_identity_id);
  }
  await seam.behave(behavior);
  await seam.act("reset_log");
  const client = flooded(new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url }), flood);
  const watcher = new DeletionWatcher(client);
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      await tearDownUserIdentity({ client, watcher, userIdentityId: id, timeoutSeconds: 1200 });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  const calls = await seam.requests();
  const eventReads = calls.filter((call) => call.path === "/events/list").length;
  await seam.close();
  return { identities: size, flood, seconds, requests: calls.length, eventReads };
}

export async function measureManyTeardowns(say: (line: string) => void): Promise<ManyTeardowns[]> {
  const all: ManyTeardowns[] = [];
  for (const size of sizes) {
    for (const flood of floods) {
      say(`${size} identities, events of others: ${flood}`);
      all.push(await tearDownMany(size, flood));
    }
  }
  return all;
}
