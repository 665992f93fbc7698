import assert from "node:assert/strict";
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

/** Holds every answer against what the vendor publishes: the OpenAPI for the whole answer, zod for its objects. */
class VendorSchemas {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, discriminator: false });
  private readonly validators = new Map<string, ValidateFunction>();

  private constructor(
    private readonly openapi: OpenApi,
    readonly zod: Record<string, { safeParse(value: unknown): { success: boolean; error?: unknown } }>,
  ) {
    addFormats(this.ajv);
  }

  static async load(): Promise<VendorSchemas> {
    const { openapi, schemas } = await import("@seamapi/types/connect");
    return new VendorSchemas(nullable(openapi) as OpenApi, schemas);
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

/** OpenAPI 3.0 says `nullable` and a boolean `exclusiveMinimum`, which JSON Schema does not know. */
function nullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(nullable);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, nullable(value)]));
  if (copy.exclusiveMinimum === true) Object.assign(copy, { exclusiveMinimum: copy.minimum });
  if (copy.nullable !== true) return copy;
  delete copy.nullable;
  return { anyOf: [copy, { type: "null" }] };
}

describe("the simulator's answers and the vendor's schemas", () => {
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
  ];
  for (const [path, body, property, schema] of reading) {
    it(`answers ${path} as published`, async () => {
      const answer = await seam.call<Record<string, unknown>>(path, body());
      vendor.assertAnswer(path, answer);
      if (property === undefined || schema === undefined) return;
      const value = answer[property];
      const objects: unknown[] = Array.isArray(value) ? value : [value];
      assert.ok(objects.length > 0);
      for (const one of objects) vendor.assertObject(schema, one);
    });
  }

  it("answers what changes things as published, and tells of deletions in published events", async () => {
    const since = new Date(Date.now() - 1000).toISOString();
    const change = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const answer = await seam.call<Record<string, unknown>>(path, body);
      vendor.assertAnswer(path, answer);
      return answer;
    };
    const { user_identity } = await change("/user_identities/create", { full_name: "Ada" });
    const ada = (user_identity as { user_identity_id: string }).user_identity_id;
    const made = await change("/acs/users/create", { acs_system_id: ids.acs_system_id, full_name: "Ada" });
    const user = (made.acs_user as { acs_user_id: string }).acs_user_id;
    await change("/user_identities/add_acs_user", { user_identity_id: ada, acs_user_id: user });
    await change("/acs/users/suspend", { acs_user_id: user });
    await change("/acs/users/unsuspend", { acs_user_id: user });
    await change("/acs/users/update", { acs_user_id: user, full_name: "Ada Byron" });
    await change("/user_identities/remove_acs_user", { user_identity_id: ada, acs_user_id: user });
    await change("/user_identities/update", { user_identity_id: ada, phone_number: null });
    await change("/client_sessions/create", { user_identity_id: ada });
    await change("/client_sessions/delete", pick("client_session_id"));
    await change("/acs/credentials/delete", pick("acs_credential_id"));
    await change("/acs/users/delete", pick("acs_user_id"));
    await change("/user_identities/enrollment_automations/delete", pick("enrollment_automation_id"));
    await change("/phones/deactivate", pick("device_id"));
    await change("/user_identities/delete", pick("user_identity_id"));
    const { events } = await change("/events/list", { since });
    for (const event of events as object[]) vendor.assertObject("seam_event", event);
    const types = (events as { event_type: string }[]).map((event) => event.event_type).sort();
    assert.deepEqual(types, [
      "acs_credential.deleted",
      "acs_user.deleted",
      "client_session.deleted",
      "enrollment_automation.deleted",
      "phone.deactivated",
    ]);
  });
});
