import assert from "node:assert/strict";
import { forecast } from "../../../cli/plan/forecast/forecast";
import { readPreview } from "../../../cli/plan/preview/read";
import { survey } from "../../../cli/plan/survey/survey";
import { SeamClient } from "../../../provider/seam/client";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const urn = (type: string, name: string): string =>
  `urn:pulumi:dev::app::pulumi-nodejs:dynamic/seam:${type}::${name}`;

describe("a plan with many creates", function () {
  this.timeout(60_000);

  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
  });
  afterEach(() => seam.close());

  async function seen(creates: { type: string; name: string; inputs: object }[]) {
    const steps = creates.map(({ type, name, inputs }) => ({
      op: "create",
      urn: urn(type, name),
      newState: { inputs },
    }));
    const { steps: read } = readPreview(Buffer.from(JSON.stringify({ steps })));
    const client = new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url });
    await seam.act("reset_log");
    const survey_ = await survey(forecast(read), new Map([[undefined, client]]));
    const requests = (await seam.requests()).length;
    const shown = new Map(
      read.map((step) => {
        const { owners = [], sameContact = [], findings } = survey_.of(step);
        return [
          step.name,
          {
            owners: owners.map(({ name, identity, merged }) => [name, identity.user_identity_id, merged]),
            alike: sameContact.map((user) => user.acs_user_id),
            findings,
          },
        ] as const;
      }),
    );
    return { requests, shown };
  }

  it("finds existing objects exactly as single lookups do", async () => {
    await seam.createUserIdentity({ user_identity_key: "by-key", full_name: "A" });
    await seam.createUserIdentity({ email_address: "Mixed.Case@Example.com" });
    await seam.createUserIdentity({ phone_number: "+15555550110" });
    const kept = await seam.createUserIdentity({ user_identity_key: "kept" });
    const merged = await seam.createUserIdentity({ user_identity_key: "was-merged" });
    await seam.call("/user_identities/merge", { user_identity_id: kept, merged_user_identity_ids: [merged] });
    const acsSystemId = await seam.acsSystemId(0);
    await seam.createAcsUser(acsSystemId, "Door@Example.com");
    const colliding = [
      { type: "UserIdentity", name: "key", inputs: { userIdentityKey: "by-key" } },
      { type: "UserIdentity", name: "keyCase", inputs: { userIdentityKey: "BY-KEY" } },
      { type: "UserIdentity", name: "email", inputs: { emailAddress: "mixed.case@example.COM" } },
      { type: "UserIdentity", name: "phone", inputs: { phoneNumber: "+15555550110" } },
      { type: "UserIdentity", name: "merged", inputs: { userIdentityKey: "was-merged" } },
      { type: "AcsUser", name: "door", inputs: { acsSystemId, emailAddress: "door@example.com" } },
      {
        type: "AcsUser",
        name: "elsewhere",
        inputs: { acsSystemId: await seam.acsSystemId(1), emailAddress: "door@example.com" },
      },
    ];
    const free = Array.from({ length: 60 }, (_, index) => [
      { type: "UserIdentity", name: `free${index}`, inputs: { emailAddress: `free${index}@example.com` } },
      { type: "AcsUser", name: `u${index}`, inputs: { acsSystemId, emailAddress: `u${index}@example.com` } },
    ]).flat();
    const together = await seen([...colliding, ...free]);
    for (const one of colliding) {
      const alone = (await seen([one])).shown.get(one.name);
      assert.deepEqual(together.shown.get(one.name), alone, one.name);
      if (!["elsewhere", "keyCase"].includes(one.name))
        assert.ok((alone?.owners.length ?? 0) + (alone?.alike.length ?? 0) > 0, one.name);
    }
    assert.deepEqual(together.shown.get("free3"), { owners: [], alike: [], findings: [] });
    assert.ok(together.requests < 25, `${together.requests} requests for ${colliding.length + 120} creates`);
  });

  it("does not list a workspace that is too large for the number of creates", async () => {
    await seam.act("populate", { identities: 20_000 });
    const creates = Array.from({ length: 20 }, (_, index) => ({
      type: "UserIdentity",
      name: `free${index}`,
      inputs: { emailAddress: `free${index}@example.com` },
    }));
    const { requests } = await seen(creates);
    assert.ok(requests <= 1 + 10 + 20 + 1, `${requests} requests`);
  });
});
