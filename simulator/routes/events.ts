import { invalidInput, notFound } from "../errors";
import { textOf } from "../parameters";
import type { SeamEvent } from "../workspace/objects";
import type { Route } from "./route";

const references = {
  acs_user_id: "uuid",
  acs_credential_id: "uuid",
  acs_system_id: "uuid",
  device_id: "uuid",
  client_session_id: "uuid",
  enrollment_automation_id: "uuid",
  access_grant_id: "uuid",
  access_method_id: "uuid",
  acs_entrance_id: "uuid",
  acs_access_group_id: "uuid",
  space_id: "uuid",
} as const;

/** `/events`. */
export const eventRoutes: readonly Route[] = [
  {
    path: "/events/list",
    verbs: ["GET"],
    spec: {
      ...references,
      since: "time",
      between: "any",
      event_type: "text",
      event_types: "texts",
      event_ids: "uuids",
      limit: "count",
      unstable_offset: "count",
    },
    handle: ({ workspace, parameters, behavior }) => {
      const between = parameters.between as [string, string] | undefined;
      const since = textOf(parameters, "since") ?? between?.[0];
      if (since === undefined) throw invalidInput("since", "Either since or between is required");
      const from = new Date(since).toISOString();
      const until = between?.[1] === undefined ? undefined : new Date(between[1]).toISOString();
      const type = textOf(parameters, "event_type");
      const types = parameters.event_types as string[] | undefined;
      const found = eventsFrom(workspace.events.log, from).filter(
        (event) =>
          (until === undefined || event.created_at < until) &&
          (type === undefined || event.event_type === type) &&
          (types === undefined || types.includes(event.event_type)) &&
          Object.keys(references).every(
            (name) => parameters[name] === undefined || event[name] === parameters[name],
          ),
      );
      const events = found.slice(0, Math.min(Number(parameters.limit ?? 500), 500));
      return { events: behavior.events.reorder ? events.reverse() : events };
    },
  },
  {
    path: "/events/get",
    verbs: ["GET"],
    spec: { event_id: "uuid", event_type: "text", device_id: "uuid" },
    handle: ({ workspace, parameters }) => {
      const id = textOf(parameters, "event_id");
      const event = workspace.events.log.find((one) => one.event_id === id);
      if (event === undefined) throw notFound("event", id ?? "");
      return { event };
    },
  },
];

/** The events since a time. The log is in the order of time, so the search starts at its end. */
function eventsFrom(log: readonly SeamEvent[], from: string): SeamEvent[] {
  let start = log.length;
  while (start > 0 && (log[start - 1]?.created_at ?? "") >= from) start -= 1;
  return log.slice(start);
}
