import assert from "node:assert/strict";
import { Engine } from "../../engine";
import { SimulatedWorkspace, type WorkspaceState } from "../../simulatedWorkspace";

describe("a refresh of many resources", function () {
  this.timeout(120_000);

  let seam: SimulatedWorkspace;
  let engine: Engine;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
  });
  afterEach(() => seam.close());

  const readIdentity = async (id: string): Promise<Record<string, unknown>> => {
    const recorded = {
      fullName: "Recorded",
      emailAddress: "recorded@example.com",
      workspaceId: seam.workspaceId,
    };
    const read = await engine.provider("userIdentity").read(id, recorded);
    return { id: read.id, ...(read.props as object) };
  };
  const readLink = async (userIdentityId: string, acsUserId: string): Promise<Record<string, unknown>> => {
    const id = `${userIdentityId}/${acsUserId}`;
    const read = await engine.provider("acsUserLink").read(id, { workspaceId: seam.workspaceId });
    return { id: read.id, ...(read.props as object) };
  };
  const requests = async () => (await seam.inspect<{ total: number }>("counts")).total;

  /** Runs eight at a time, as the engine does on two processors. */
  async function inParallel(tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
    const waiting = [...tasks];
    const worker = async (): Promise<void> => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) await task();
    };
    await Promise.all(Array.from({ length: 8 }, worker));
  }

  const readsOf = (people: WorkspaceState["user_identities"]): (() => Promise<void>)[] =>
    people.flatMap((person) => [
      async () => {
        const read = await readIdentity(person.user_identity_id);
        assert.equal(read.fullName, person.full_name);
        assert.equal(read.emailAddress, person.email_address);
      },
      async () => {
        const [acsUserId = ""] = person.acs_user_ids;
        const read = await readLink(person.user_identity_id, acsUserId);
        assert.equal(read.acsUserId, acsUserId);
        assert.equal(read.userIdentityId, person.user_identity_id);
      },
    ]);

  it("takes few requests, and answers each read with its own object", async () => {
    await seam.act("populate", { identities: 1_000, acs_users: true });
    const { user_identities } = await seam.state();
    await seam.act("reset_log");
    await inParallel(readsOf(user_identities));
    const created = await requests();
    assert.ok(created <= 50, `${created} requests`);
  });

  it("does not list a large workspace for a small stack", async () => {
    await seam.act("populate", { identities: 100_000, acs_users: true });
    const { user_identities } = await seam.state();
    await seam.act("reset_log");
    await inParallel(readsOf(user_identities.slice(50_000, 50_010)));
    const created = await requests();
    assert.ok(created <= 25, `${created} requests`);
  });

  it("does not list the workspace for people whose ACS users are read twice, for themselves and for their links", async () => {
    await seam.act("populate", { identities: 20_000, acs_users: true });
    const { user_identities } = await seam.state();
    const people = user_identities.slice(5_000, 5_010);
    await seam.act("reset_log");
    const recorded = { workspaceId: seam.workspaceId };
    const ownUsers = people.flatMap(({ acs_user_ids: [id = ""] }) => async () => {
      assert.equal((await engine.provider("acsUser").read(id, recorded)).id, id);
    });
    await inParallel([...readsOf(people), ...ownUsers]);
    const created = await requests();
    assert.ok(created <= 25, `${created} requests`);
  });

  it("never costs more than twice as much as single reads, wherever the objects are in the listing", async () => {
    await seam.act("populate", { identities: 20_000, acs_users: false });
    const { user_identities } = await seam.state();
    const every = user_identities.filter((_, index) => index % 200 === 0);
    await seam.act("reset_log");
    await inParallel(every.map((person) => () => readIdentity(person.user_identity_id)));
    const created = await requests();
    assert.ok(created <= 2 * every.length, `${created} requests for ${every.length}`);
  });

  describe("with a listing that is already read", () => {
    let people: WorkspaceState["user_identities"];
    beforeEach(async () => {
      await seam.act("populate", { identities: 30, acs_users: true });
      people = (await seam.state()).user_identities;
      await inParallel(readsOf(people.slice(0, 12)));
      const { byPath } = await seam.inspect<{ byPath: Record<string, number> }>("counts");
      assert.equal(byPath["/user_identities/list"], 1);
    });
    const last = (): { id: string; acsUserId: string } => {
      const person = people.at(-1);
      return { id: person?.user_identity_id ?? "", acsUserId: person?.acs_user_ids[0] ?? "" };
    };

    it("shows what the same operation has changed since", async () => {
      const { id } = last();
      const olds = { fullName: "Person 29", workspaceId: seam.workspaceId };
      await engine.provider("userIdentity").update(id, olds, { fullName: "Jean Doe" });
      assert.equal((await readIdentity(id)).fullName, "Jean Doe");
    });

    it("knows that a link no longer exists that the same operation deleted", async () => {
      const { id, acsUserId } = last();
      await engine
        .provider("acsUserLink")
        .delete(`${id}/${acsUserId}`, { userIdentityId: id, acsUserId, workspaceId: seam.workspaceId });
      assert.deepEqual(await readLink(id, acsUserId), { id: undefined });
    });

    it("does not report a link as deleted that was created after the listing", async () => {
      const { id, acsUserId } = last();
      const link = { user_identity_id: id, acs_user_id: acsUserId };
      await seam.call("/user_identities/remove_acs_user", link);
      engine.startPlugin();
      await inParallel(readsOf(people.slice(0, 12)));
      await seam.call("/user_identities/add_acs_user", link);
      assert.equal((await readLink(id, acsUserId)).acsUserId, acsUserId);
    });

    it("shows the next operation everything as it is", async () => {
      const { id } = last();
      await seam.call("/user_identities/update", { user_identity_id: id, full_name: "Changed by hand" });
      engine.startPlugin();
      assert.equal((await readIdentity(id)).fullName, "Changed by hand");
    });

    it("reads an object that the listing does not show before reporting it as deleted", async () => {
      const later = await seam.createUserIdentity({ full_name: "Made after the listing" });
      assert.equal((await readIdentity(later)).fullName, "Made after the listing");
      const gone = "5a3e9f54-6f1c-4f0e-9a55-3f6d1f3f7b11";
      await seam.act("reset_log");
      assert.deepEqual(await readIdentity(gone), { id: undefined });
      const { byPath } = await seam.inspect<{ byPath: Record<string, number> }>("counts");
      assert.equal(byPath["/user_identities/get"], 1);
    });
  });

  it("reads objects one by one if listings fail", async () => {
    await seam.act("populate", { identities: 20, acs_users: true });
    const { user_identities } = await seam.state();
    await seam.act("faults", {
      match: { path: "/user_identities/list", times: 100 },
      fault: { kind: "status", status: 400 },
    });
    await inParallel(readsOf(user_identities));
  });
});
