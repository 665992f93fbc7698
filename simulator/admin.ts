import { randomUUID } from "node:crypto";
import type { Behavior } from "./behavior";
import { defaultBehavior } from "./behavior";
import { longestChain } from "./workspace/deletions";
import { ApiError, notFound } from "./errors";
import { isFault, Planned } from "./faults";
import { type HttpServer, json } from "./httpServer";
import type { Simulation } from "./simulation";
import type { Workspace } from "./workspace/workspace";

type Body = Readonly<Record<string, unknown>>;
type Action = (workspace: Workspace, body: Body, simulation: Simulation) => unknown;

/** Actions on a workspace, by the last part of the path. Triggers run the same actions. */
const actions: Readonly<Record<string, Action>> = {
  credentials: (workspace, body) => {
    const user = workspace.acsUsers.existing(textOf(body, "acs_user_id"));
    const method = (body.access_method ?? "mobile_key") as "mobile_key" | "card" | "code";
    return { acs_credentials: times(body, () => workspace.acsUsers.issueCredential(user, method).wire) };
  },
  phones: (workspace, body) => {
    const identity = workspace.identities.notBeingDeleted(textOf(body, "user_identity_id"));
    return { phones: times(body, () => workspace.phones.enroll(identity).wire) };
  },
  client_sessions: (workspace, body) => {
    const identity = workspace.identities.notBeingDeleted(textOf(body, "user_identity_id"));
    // Without the token, so that no test prints one.
    return {
      client_sessions: times(body, () => {
        const { token, ...session } = workspace.sessions.create(identity).wire;
        return session;
      }),
    };
  },
  enrollment_automations: (workspace, body) => {
    const identity = workspace.identities.notBeingDeleted(textOf(body, "user_identity_id"));
    const system = [...workspace.acsSystems.all()][0]?.id ?? "";
    return { enrollment_automations: times(body, () => workspace.automations.launch(identity, system).wire) };
  },
  access_grants: (workspace, body) => {
    const identity = workspace.identities.notBeingDeleted(textOf(body, "user_identity_id"));
    const [lock] = workspace.devices.all();
    const places = { device_ids: lock === undefined ? [] : [lock.id], acs_entrance_ids: [], space_ids: [] };
    const requested_access_methods = [{ mode: "code" as const }];
    // Without secrets, like the sessions above.
    return {
      access_grant_ids: times(
        body,
        () => workspace.grants.create(identity, { requested_access_methods, ...places }).id,
      ),
    };
  },
  link_elsewhere: (workspace, body) => {
    const user = workspace.acsUsers.existing(textOf(body, "acs_user_id"));
    workspace.acsUsers.link(
      user,
      workspace.identities.notBeingDeleted(textOf(body, "user_identity_id")),
      true,
    );
    return {};
  },
  acs_systems: (workspace, body) => ({
    acs_system: workspace.acsSystems.create(
      randomUUID(),
      textOf(body, "name"),
      String(body.type ?? "salto_ks_site"),
    ).wire,
  }),
  workspaces: (_workspace, body, simulation) => {
    const workspace = simulation.addWorkspace(randomUUID(), textOf(body, "name"));
    return { workspace_id: workspace.id, api_key: simulation.issueKey(workspace) };
  },
  // Gives access to a workspace of a state file, which contains no keys.
  api_keys: (workspace, _body, simulation) => {
    return { workspace_id: workspace.id, api_key: simulation.issueKey(workspace) };
  },
  merge: (workspace, body) => {
    workspace.identities.merge(
      workspace.identities.existing(textOf(body, "from")),
      workspace.identities.existing(textOf(body, "into")),
    );
    return {};
  },
  fail_deletion: (workspace, body) => {
    const id = textOf(body, "id");
    const stored = [
      workspace.acsUsers,
      workspace.credentials,
      workspace.automations,
      workspace.phones,
      workspace.grants,
    ]
      .map((collection) => collection.get(id))
      .find((found) => found !== undefined);
    if (stored === undefined) throw notFound("object", id);
    stored.failsToDelete = body.fails !== false;
    if (!stored.failsToDelete) stored.wire.errors = [];
    return {};
  },
  unmanaged_identities: (workspace, body) => {
    const { email_address, phone_number, full_name } = body;
    const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
    const created = workspace.identities.createUnmanaged({
      email_address: text(email_address),
      phone_number: text(phone_number),
      full_name: text(full_name),
    });
    return { user_identity: created.wire };
  },
  event_faults: (workspace, body) => {
    for (const fault of ["drop", "duplicate"] as const) {
      if (body[fault] !== undefined) workspace.events.faults[fault] = countOf(body[fault], 1_000_000);
    }
    return {};
  },
  person: (workspace, body) => {
    const systems = [...workspace.acsSystems.all()];
    const identity = workspace.identities.create({ full_name: textOf(body, "full_name") });
    const perUser = (body.credentials_per_acs_user ?? []) as number[];
    for (const [index, count] of perUser.entries()) {
      const system = systems[index];
      if (system === undefined) throw new ApiError(400, "invalid_input", "There are not that many systems");
      const user = workspace.acsUsers.create(system.wire, { full_name: textOf(body, "full_name") }, identity);
      times({ count }, () => workspace.acsUsers.issueCredential(user, "mobile_key"));
    }
    times({ count: body.phones ?? 0 }, () => workspace.phones.enroll(identity));
    times({ count: body.client_sessions ?? 0 }, () => workspace.sessions.create(identity));
    const system = [...workspace.acsSystems.all()][0]?.id ?? "";
    times({ count: body.enrollment_automations ?? 0 }, () => workspace.automations.launch(identity, system));
    return { user_identity_id: identity.id, acs_user_ids: identity.wire.acs_user_ids };
  },
  populate: (workspace, body) => {
    const [firstSystem] = workspace.acsSystems.all();
    const system = workspace.acsSystems.get(String(body.acs_system_id)) ?? firstSystem;
    const prefix = String(body.prefix ?? "person");
    const identities = countOf(body.identities ?? 0, 200_000);
    for (let index = 0; index < identities; index += 1) {
      const email_address = `${prefix}-${index}@example.com`;
      const full_name = `Person ${index}`;
      const identity =
        body.identities_too === false ? undefined : workspace.identities.create({ email_address, full_name });
      if (body.acs_users === true && system !== undefined) {
        workspace.acsUsers.create(system.wire, { full_name, email_address }, identity);
      }
    }
    return {};
  },
};

/** Registers the admin interface: all routes under one prefix, without a key. */
export function registerAdmin(http: HttpServer, prefix: string, simulation: Simulation): void {
  const workspaceOf = (body: Body): Workspace => {
    if (body.workspace_id === undefined) return simulation.first;
    const workspace = simulation.workspaces.get(String(body.workspace_id));
    if (workspace === undefined) throw notFound("workspace", String(body.workspace_id));
    return workspace;
  };
  const run = (name: string, body: Body): unknown => {
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined) throw new ApiError(404, "unknown_action", `There is no ${prefix}/${name}`);
    return action(workspaceOf(body), body, simulation);
  };
  const on = (method: string, path: string, act: (body: Body) => unknown): void => {
    http.route(method, `${prefix}/${path}`, async ({ body }) => {
      const answer = (await act(body)) ?? {};
      await simulation.saved();
      return json(answer);
    });
  };
  const post = (path: string, act: (body: Body) => unknown): void => on("POST", path, act);
  const get = (path: string, show: (query: Body) => unknown): void => {
    http.route("GET", `${prefix}/${path}`, ({ query }) => json(show(query)));
  };

  for (const name of Object.keys(actions)) post(name, (body) => run(name, body));

  get("behavior", () => simulation.behavior);
  on("PATCH", "behavior", (change: Partial<Behavior>) => {
    const unknown = Object.keys(change).filter((name) => !Object.hasOwn(defaultBehavior, name));
    if (unknown.length > 0) throw new ApiError(400, "invalid_input", `There is no ${unknown.join(", ")}`);
    simulation.setBehavior(change);
    return simulation.behavior;
  });

  get("faults", () => simulation.faults.map(({ match, effect, fired }) => ({ match, fault: effect, fired })));
  post("faults", ({ match, fault }) => {
    if (!isFault(fault)) throw new ApiError(400, "invalid_input", "fault.kind is not the name of a fault");
    return simulation.plan(match ?? {}, fault);
  });
  on("DELETE", "faults", () => {
    simulation.faults = [];
  });

  get("triggers", () => simulation.triggers.map(({ match, fired }) => ({ match, fired })));
  post("triggers", (body) => {
    const { action, ...parameters } = body.do as Body;
    const act = (): void => {
      try {
        run(String(action), parameters);
      } catch (error) {
        // The target may be gone by now; Seam would reject the app's call as well.
        if (!(error instanceof ApiError)) throw error;
      }
    };
    const when = body.when === "after" ? "after" : "before";
    simulation.triggers.push(new Planned(body.match ?? {}, { when, act }));
  });
  on("DELETE", "triggers", () => {
    simulation.triggers = [];
  });

  get("requests", () => simulation.log.all());
  get("counts", () => simulation.log.counts());
  post("reset_log", () => simulation.resetLog());
  post("reset", () => {
    simulation.faults = [];
    simulation.triggers = [];
    for (const workspace of simulation.workspaces.values()) workspace.reset();
    simulation.resetLog();
  });

  get("deletions", (query) => workspaceOf(query).deletions.log);
  get("order_violations", (query) => workspaceOf(query).deletions.orderViolations);
  get("longest_chain", (query) => {
    const deletions = workspaceOf(query).deletions.log;
    const one = query.user_identity_id;
    const ids =
      one === undefined
        ? new Set(deletions.flatMap((d) => d.user_identity_id ?? []))
        : new Set([String(one)]);
    const chains = [...ids].map((id) => longestChain(deletions, id));
    return { milliseconds: Math.max(0, ...chains) };
  });
  get("doors", (query) => {
    const { doors } = workspaceOf(query);
    const one = query.user_identity_id;
    const identity = one === undefined ? undefined : String(one);
    return { open: doors.list(identity), lastClosedAt: doors.lastClosedAt(identity) };
  });
  // Objects that a workspace has from the start and that no caller creates or deletes.
  get("places", (query) => {
    const workspace = workspaceOf(query);
    return {
      acs_entrances: [...workspace.entrances.all()].map(({ wire }) => wire),
      devices: [...workspace.devices.all()].map(({ wire }) => wire),
      acs_access_groups: [...workspace.accessGroups.all()].map(({ id, wire }) => ({
        ...wire,
        acs_user_ids: workspace.accessGroups.membersOf(id),
      })),
    };
  });
  get("state", (query) => {
    const workspace = workspaceOf(query);
    const wires = <Wire>(stored: Iterable<{ wire: Wire; owner: string | undefined }>) =>
      [...stored].map(({ wire, owner }) => ({ ...wire, owner }));
    return {
      workspace_id: workspace.id,
      acs_systems: [...workspace.acsSystems.all()].map(({ wire }) => wire),
      user_identities: wires(workspace.identities.all()),
      acs_users: wires(workspace.acsUsers.all()),
      acs_credentials: wires(workspace.credentials.all()),
      enrollment_automations: wires(workspace.automations.all()),
      phones: wires(workspace.phones.all()),
      client_sessions: wires(workspace.sessions.all()).map(({ token, ...session }) => session),
      unmanaged_user_identities: wires(workspace.identities.unmanaged.all()),
      access_grants: wires(workspace.grants.all()).map((grant) => {
        const { client_session_token, instant_key_url, ...shown } = grant;
        const requested_access_methods = grant.requested_access_methods.map(({ code, ...rest }) => rest);
        const { device_ids, acs_entrance_ids } = workspace.grants.placesAt(grant.access_grant_id);
        return { ...shown, requested_access_methods, device_ids, acs_entrance_ids };
      }),
      access_methods: wires(workspace.grants.methods.all()).map((method) => {
        const { client_session_token, instant_key_url, code, owner, ...shown } = method;
        return {
          ...shown,
          access_grant_id: owner,
          ...workspace.grants.methods.place(method.access_method_id),
        };
      }),
      spaces: wires(workspace.spaces.all()),
    };
  });
}

function times<T>(body: Body, make: () => T): T[] {
  return Array.from({ length: countOf(body.count ?? 1, 10_000) }, make);
}

function countOf(value: unknown, max: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new ApiError(400, "invalid_input", `A count must be a whole number from 0 to ${max}`);
}

function textOf(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== "string") throw new ApiError(400, "invalid_input", `${name} is required`);
  return value;
}
