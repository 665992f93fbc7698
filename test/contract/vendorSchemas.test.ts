import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { SimulatedWorkspace } from "../simulatedWorkspace";

interface OpenApi {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  components: { schemas: Record<string, object> };
}

/** Checks every answer against what the vendor publishes: OpenAPI for the whole answer, zod for its objects. */
class VendorSchemas {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, discriminator: false });
  private readonly validators = new Map<string, ValidateFunction>();

  private constructor(
    private readonly openapi: OpenApi,
    readonly zod: Record<string, { safeParse(value: unknown): { success: boolean; error?: unknown } }>,
  ) {
    addFormats(this.ajv);
  }

  /** The schemas of the published package, or of a newer OpenAPI document (a JSON file) that `SEAM_OPENAPI` names. */
  static async load(): Promise<VendorSchemas> {
    const { openapi, schemas } = await import("@seamapi/types/connect");
    const newer = process.env.SEAM_OPENAPI;
    const document: unknown = newer === undefined ? openapi : JSON.parse(readFileSync(newer, "utf8"));
    return new VendorSchemas(nullable(document) as OpenApi, schemas);
  }

  knows(path: string): boolean {
    return path in this.openapi.paths;
  }

  assertAnswer(path: string, answer: unknown): void {
    const validate = this.validators.get(path) ?? this.compile(path);
    this.validators.set(path, validate);
    assert.ok(validate(answer), `${path}: ${this.ajv.errorsText(validate.errors)}`);
  }

  assertObject(schema: string, value: unknown): void {
    const parsed = this.zod[schema]?.safeParse(value);
    assert.ok(parsed?.success, `${schema}: ${JSON.stringify(parsed?.error)}`);
  }

  private compile(path: string): ValidateFunction {
    const schema = this.openapi.paths[path]?.post?.responses["200"]?.content?.["application/json"]?.schema;
    assert.ok(schema, `the vendor's OpenAPI has no POST ${path}`);
    return this.ajv.compile({ ...schema, components: this.openapi.components });
  }
}

/** Translates `nullable` and a boolean `exclusiveMinimum` of OpenAPI 3.0, which JSON Schema does not have. */
function nullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(nullable);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, nullable(value)]));
  if (copy.exclusiveMinimum === true) Object.assign(copy, { exclusiveMinimum: copy.minimum });
  if (copy.nullable !== true) return copy;
  delete copy.nullable;
  return { anyOf: [copy, { type: "null" }] };
}

describe("the simulator, compared with the vendor's schemas,", () => {
  let seam: SimulatedWorkspace;
  let vendor: VendorSchemas;
  const ids: Record<string, string> = {};

  before(async () => {
    vendor = await VendorSchemas.load();
    seam = await SimulatedWorkspace.start();
    ids.acs_system_id = await seam.acsSystemId(0);
    ids.user_identity_id = await seam.createUserIdentity({
      user_identity_key: "jean",
      email_address: "jean@example.com",
      phone_number: "+15555550110",
      full_name: "Jean Doe",
    });
    ids.acs_user_id = await seam.createAcsUser(ids.acs_system_id, "jean@example.com", ids.user_identity_id);
    const credentials = await seam.act<{ acs_credentials: { acs_credential_id: string }[] }>(
      "credentials",
      ids,
    );
    ids.acs_credential_id = credentials.acs_credentials[0]?.acs_credential_id ?? "";
    const phones = await seam.act<{ phones: { device_id: string }[] }>("phones", ids);
    ids.device_id = phones.phones[0]?.device_id ?? "";
    const sessions = await seam.act<{ client_sessions: { client_session_id: string }[] }>(
      "client_sessions",
      ids,
    );
    ids.client_session_id = sessions.client_sessions[0]?.client_session_id ?? "";
    const automations = await seam.act<{ enrollment_automations: { enrollment_automation_id: string }[] }>(
      "enrollment_automations",
      ids,
    );
    const { devices, acs_entrances, acs_access_groups } = await seam.places();
    ids.place_device_id = devices[0]?.device_id ?? "";
    ids.acs_entrance_id = acs_entrances[0]?.acs_entrance_id ?? "";
    ids.acs_access_group_id = acs_access_groups[0]?.acs_access_group_id ?? "";
    const { space } = await seam.call<{ space: { space_id: string } }>("/spaces/create", {
      name: "Ground floor",
      space_key: "ground",
      device_ids: [ids.place_device_id],
      acs_entrance_ids: [ids.acs_entrance_id],
    });
    ids.space_id = space.space_id;
    ids.access_grant_id = await seam.createGrant(
      ids.user_identity_id,
      { spaceIds: [ids.space_id] },
      {
        name: "Ground floor",
        access_grant_key: "jean-ground",
        reservation_key: "r-1",
        ends_at: "2099-01-01T00:00:00Z",
        requested_access_methods: [{ mode: "code", code: "1234" }, { mode: "mobile_key" }, { mode: "card" }],
      },
    );
    ids.access_method_id = (await seam.state()).access_methods[0]?.access_method_id ?? "";
    await seam.call("/acs/access_groups/add_user", pick("acs_access_group_id", "acs_user_id"));
    const unmanaged = await seam.act<{ user_identity: { user_identity_id: string } }>(
      "unmanaged_identities",
      { full_name: "Found", email_address: "found@example.com" },
    );
    ids.unmanaged_id = unmanaged.user_identity.user_identity_id;
    ids.enrollment_automation_id = automations.enrollment_automations[0]?.enrollment_automation_id ?? "";
  });
  after(() => seam.close());

  const pick = (...names: string[]): object => Object.fromEntries(names.map((name) => [name, ids[name]]));
  const reading: [string, () => object, string?, string?][] = [
    ["/user_identities/get", () => pick("user_identity_id"), "user_identity", "user_identity"],
    ["/user_identities/list", () => ({ limit: 1 }), "user_identities", "user_identity"],
    ["/user_identities/list_acs_users", () => pick("user_identity_id"), "acs_users", "acs_user"],
    ["/user_identities/list_acs_systems", () => pick("user_identity_id"), "acs_systems", "acs_system"],
    ["/user_identities/list_accessible_devices", () => pick("user_identity_id")],
    ["/user_identities/enrollment_automations/list", () => pick("user_identity_id")],
    ["/user_identities/enrollment_automations/get", () => pick("enrollment_automation_id")],
    ["/acs/users/get", () => pick("acs_user_id"), "acs_user", "acs_user"],
    ["/acs/users/list", () => pick("user_identity_id"), "acs_users", "acs_user"],
    ["/acs/credentials/list", () => pick("acs_user_id"), "acs_credentials", "acs_credential"],
    ["/acs/credentials/get", () => pick("acs_credential_id"), "acs_credential", "acs_credential"],
    ["/acs/systems/list", () => ({}), "acs_systems", "acs_system"],
    ["/acs/systems/get", () => pick("acs_system_id"), "acs_system", "acs_system"],
    ["/phones/list", () => ({ owner_user_identity_id: ids.user_identity_id })],
    ["/phones/get", () => pick("device_id")],
    ["/client_sessions/list", () => pick("user_identity_id"), "client_sessions", "client_session"],
    ["/client_sessions/get", () => pick("client_session_id"), "client_session", "client_session"],
    ["/workspaces/get", () => ({}), "workspace", "workspace"],
    ["/user_identities/unmanaged/list", () => ({})],
    ["/user_identities/unmanaged/get", () => ({ user_identity_id: ids.unmanaged_id })],
    ["/access_grants/get", () => pick("access_grant_id"), "access_grant", "access_grant"],
    ["/access_grants/get", () => ({ access_grant_key: "jean-ground" }), "access_grant", "access_grant"],
    ["/access_grants/list", () => pick("user_identity_id"), "access_grants", "access_grant"],
    ["/access_grants/list", () => pick("space_id", "acs_system_id"), "access_grants", "access_grant"],
    ["/access_grants/get_related", () => ({ access_grant_ids: [ids.access_grant_id] })],
    ["/access_methods/list", () => pick("access_grant_id"), "access_methods", "access_method"],
    ["/access_methods/get", () => pick("access_method_id"), "access_method", "access_method"],
    ["/spaces/get", () => ({ space_key: "ground" }), "space", "space"],
    ["/spaces/list", () => ({}), "spaces", "space"],
    ["/spaces/get_related", () => ({ space_ids: [ids.space_id] })],
    ["/devices/list", () => pick("space_id"), "devices", "device"],
    ["/devices/get", () => ({ device_id: ids.place_device_id }), "device", "device"],
    ["/acs/entrances/list", () => pick("acs_system_id"), "acs_entrances", "acs_entrance"],
    ["/acs/entrances/get", () => pick("acs_entrance_id"), "acs_entrance", "acs_entrance"],
    ["/acs/access_groups/list", () => pick("acs_user_id"), "acs_access_groups", "acs_access_group"],
    ["/acs/access_groups/get", () => pick("acs_access_group_id"), "acs_access_group", "acs_access_group"],
    ["/acs/access_groups/list_users", () => pick("acs_access_group_id"), "acs_users", "acs_user"],
  ];
  for (const [path, body, property, schema] of reading) {
    it(`answers ${path} as published`, async () => {
      const answer = await seam.call<Record<string, unknown>>(path, body());
      vendor.assertAnswer(path, answer);
      // For the newer families, the vendor publishes only OpenAPI.
      if (property === undefined || schema === undefined || !(schema in vendor.zod)) return;
      const value = answer[property];
      const objects: unknown[] = Array.isArray(value) ? value : [value];
      assert.ok(objects.length > 0);
      for (const one of objects) vendor.assertObject(schema, one);
    });
  }

  it("answers every call that changes something as published, and emits published events about deletions", async () => {
    const since = new Date(Date.now() - 600_000).toISOString();
    const change = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const answer = await seam.call<Record<string, unknown>>(path, body);
      vendor.assertAnswer(path, answer);
      return answer;
    };
    const { user_identity } = await change("/user_identities/create", { full_name: "Ada" });
    const ada = (user_identity as { user_identity_id: string }).user_identity_id;
    const created = await change("/acs/users/create", { acs_system_id: ids.acs_system_id, full_name: "Ada" });
    const user = (created.acs_user as { acs_user_id: string }).acs_user_id;
    await change("/user_identities/add_acs_user", { user_identity_id: ada, acs_user_id: user });
    await change("/acs/users/suspend", { acs_user_id: user });
    await change("/acs/users/unsuspend", { acs_user_id: user });
    await change("/acs/users/update", { acs_user_id: user, full_name: "Ada Byron" });
    await change("/user_identities/remove_acs_user", { user_identity_id: ada, acs_user_id: user });
    await change("/user_identities/update", { user_identity_id: ada, phone_number: null });
    await change("/acs/access_groups/remove_user", pick("acs_access_group_id", "acs_user_id"));
    const granted = await change("/access_grants/create", {
      user_identity_id: ada,
      device_ids: [ids.place_device_id],
      requested_access_methods: [{ mode: "code" }],
    });
    const grant = (granted.access_grant as { access_grant_id: string }).access_grant_id;
    await change("/access_grants/update", { access_grant_id: grant, name: "Ada", ends_at: null });
    await change("/access_grants/request_access_methods", {
      access_grant_id: grant,
      requested_access_methods: [{ mode: "cloud_key" }],
    });
    await change("/access_methods/delete", pick("access_method_id"));
    await change("/access_grants/delete", { access_grant_id: grant });
    await change("/access_grants/delete", pick("access_grant_id"));
    await change("/spaces/update", { ...pick("space_id"), name: "First floor", device_ids: [] });
    for (const [name, member] of [
      ["devices", { device_ids: [ids.place_device_id] }],
      ["acs_entrances", { acs_entrance_ids: [ids.acs_entrance_id] }],
    ] as const) {
      await change(`/spaces/add_${name}`, { ...pick("space_id"), ...member });
      await change(`/spaces/remove_${name}`, { ...pick("space_id"), ...member });
    }
    await change("/spaces/delete", pick("space_id"));
    await change("/user_identities/unmanaged/update", {
      user_identity_id: ids.unmanaged_id,
      is_managed: true,
      user_identity_key: "found",
    });
    const merged = { user_identity_id: ids.unmanaged_id, merged_user_identity_ids: [ada] };
    if (vendor.knows("/user_identities/merge")) await change("/user_identities/merge", merged);
    await change("/client_sessions/create", { user_identity_id: ada });
    await change("/client_sessions/delete", pick("client_session_id"));
    await change("/acs/credentials/delete", pick("acs_credential_id"));
    await change("/acs/users/delete", pick("acs_user_id"));
    await change("/user_identities/enrollment_automations/delete", pick("enrollment_automation_id"));
    await change("/phones/deactivate", pick("device_id"));
    await change("/user_identities/delete", pick("user_identity_id"));
    const { events } = await change("/events/list", { since });
    for (const event of events as object[]) vendor.assertObject("seam_event", event);
    const types = new Set((events as { event_type: string }[]).map((event) => event.event_type));
    assert.deepEqual([...types].sort(), [
      "access_grant.access_times_changed",
      "access_grant.created",
      "access_grant.deleted",
      "access_method.created",
      "access_method.deleted",
      "access_method.issued",
      "access_method.revoked",
      "acs_credential.deleted",
      "acs_user.deleted",
      "client_session.deleted",
      "enrollment_automation.deleted",
      "phone.deactivated",
      "space.created",
      "space.deleted",
      "space.device_membership_changed",
    ]);
  });
});
