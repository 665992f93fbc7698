import assert from "node:assert/strict";
import { type Declared, Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

interface WireUser {
  acs_user_id: string;
  full_name: string;
  email_address?: string;
  is_suspended: boolean;
  access_schedule?: { starts_at: string; ends_at: string } | null;
}

describe("AcsUser's verbs", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  let system: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 5 }, 1);
    engine = new Engine(seam.env);
    system = await seam.acsSystemId(0);
  });
  afterEach(() => seam.close());

  const verbs = () => engine.provider("acsUser");
  const users = async () => (await seam.state()).acs_users as unknown as WireUser[];
  const jean = () => ({ acsSystemId: system, fullName: "Jean Doe", emailAddress: "jean@example.com" });
  const schedule = { startsAt: "2026-12-01T00:00:00Z", endsAt: "2027-12-01T00:00:00Z" };

  it("creates a person, with schedule and suspension, and reads the same back", async () => {
    const inputs = { ...jean(), accessSchedule: schedule, suspended: true };
    const made = await verbs().create(inputs);
    const [user] = await users();
    assert.equal(user?.acs_user_id, made.id);
    assert.equal(user?.is_suspended, true);
    assert.equal(Date.parse(user?.access_schedule?.ends_at ?? ""), Date.parse(schedule.endsAt));
    const read = await verbs().read(made.id, made.outs as object);
    assert.deepEqual((read as { inputs?: object }).inputs, inputs);
    assert.equal((await verbs().diff(made.id, read.props as object, inputs)).changes, false);
  });

  it("updates, suspends and unsuspends in place, and takes a schedule away", async () => {
    const olds = { ...jean(), accessSchedule: schedule, suspended: true };
    const made = await verbs().create(olds);
    const news = { ...jean(), fullName: "Jean Roe" };
    const diff = await verbs().diff(made.id, made.outs as object, news);
    assert.deepEqual([diff.changes, diff.replaces], [true, []]);
    await verbs().update(made.id, made.outs as object, news);
    const [user] = await users();
    assert.deepEqual(
      [user?.full_name, user?.is_suspended, user?.access_schedule ?? null],
      ["Jean Roe", false, null],
    );
  });

  it("is replaced where Seam cannot change it", async () => {
    const made = await verbs().create(jean());
    const replaces = async (news: object) =>
      (await verbs().diff(made.id, made.outs as object, news)).replaces;
    assert.deepEqual(await replaces({ ...jean(), acsSystemId: await seam.acsSystemId(1) }), ["acsSystemId"]);
    assert.deepEqual(await replaces({ acsSystemId: system, fullName: "Jean Doe" }), ["emailAddress"]);
  });

  it("takes its credentials away first, and is gone when delete returns", async () => {
    const made = await verbs().create(jean());
    await seam.act("credentials", { acs_user_id: made.id, count: 3 });
    engine.startPlugin();
    await verbs().delete(made.id, made.outs as object);
    const { acs_users, acs_credentials } = await seam.state();
    assert.deepEqual([acs_users, acs_credentials], [[], []]);
    assert.deepEqual(await seam.tell("order_violations"), []);
    await verbs().delete(made.id, made.outs as object);
  });

  it("deletes nothing with a key for another workspace", async () => {
    const made = await verbs().create(jean());
    const other = await seam.act<{ api_key: string }>("workspaces", { name: "Other" });
    const stranger = new Engine({ ...seam.env, SEAM_API_KEY: other.api_key }).provider("acsUser");
    await assert.rejects(stranger.delete(made.id, made.outs as object), /belongs to the workspace/);
    await assert.rejects(stranger.read(made.id, made.outs as object), /belongs to the workspace/);
    assert.equal((await users()).length, 1);
  });

  it("gives two resources with the same attributes two people", async () => {
    const [one, other] = await Promise.all([verbs().create(jean()), verbs().create(jean())]);
    assert.notEqual(one.id, other.id);
    assert.equal((await users()).length, 2);
  });

  describe("where somebody is there who looks the same", () => {
    const declared = (name: string, inputs: Record<string, unknown>): Declared => ({
      name,
      provider: "acsUser",
      inputs,
    });

    it("takes up what an interrupted run left, suspended or not as it is to be", async () => {
      const left = await verbs().create(jean());
      engine.startPlugin();
      const made = await verbs().create({ ...jean(), suspended: true });
      assert.equal(made.id, left.id);
      assert.deepEqual(
        (await users()).map((user) => user.is_suspended),
        [true],
      );
    });

    it("takes nobody whom the app uses, who has a credential, another schedule, or is suspended", async () => {
      const linked = await verbs().create(jean());
      const identity = await seam.createUserIdentity({ full_name: "Jean" });
      const link = { user_identity_id: identity, acs_user_id: linked.id };
      await seam.call("/user_identities/add_acs_user", link);
      engine.startPlugin();
      const scheduled = await verbs().create({ ...jean(), accessSchedule: schedule });
      engine.startPlugin();
      const suspended = await verbs().create(jean());
      await seam.call("/acs/users/suspend", { acs_user_id: suspended.id });
      engine.startPlugin();
      const open = await verbs().create(jean());
      assert.equal(new Set([linked.id, scheduled.id, suspended.id, open.id]).size, 4);
      await seam.act("credentials", { acs_user_id: open.id });
      engine.startPlugin();
      await assert.rejects(verbs().create(jean()), new RegExp(`could not create the ACS user: .*${open.id}`));
      assert.equal((await users()).length, 4);
    });

    it("guesses nothing from a name alone", async () => {
      const visitor = { acsSystemId: system, fullName: "Visitor" };
      const left = await verbs().create(visitor);
      engine.startPlugin();
      await assert.rejects(verbs().create(visitor), new RegExp(`${left.id}.*delete it in the Seam console`));
      assert.equal((await users()).length, 1);
      const later = await verbs().create({ ...visitor, accessSchedule: schedule });
      assert.notEqual(later.id, left.id);
    });

    it("takes nobody who is old for its own, even with the same e-mail address", async () => {
      await seam.close();
      let old = "";
      seam = await SimulatedWorkspace.twoHoursAfter(async (before) => {
        system = await before.acsSystemId(0);
        old = await before.createAcsUser(system, "jean@example.com");
      });
      engine = new Engine(seam.env);
      const inputs = { ...jean(), fullName: "jean@example.com" };
      const made = await verbs().create(inputs);
      assert.notEqual(made.id, old);
      assert.deepEqual((await users()).map((user) => user.acs_user_id).sort(), [old, made.id].sort());
    });

    it("adds a second person of the same name to a program that has one", async () => {
      const visitor = { acsSystemId: system, fullName: "Visitor" };
      assert.deepEqual(await engine.up([declared("one", visitor)]), []);
      assert.deepEqual(await engine.up([declared("one", visitor), declared("two", visitor)]), []);
      assert.equal((await users()).length, 2);
      assert.deepEqual(await engine.up([declared("one", visitor)]), []);
      assert.deepEqual(
        (await users()).map((user) => user.acs_user_id),
        [engine.state.get("one")?.id],
      );
    });

    it("keeps the person whose resource got another name without an alias", async () => {
      assert.deepEqual(await engine.up([declared("old", jean())]), []);
      assert.deepEqual(await engine.up([declared("new", jean())]), []);
      assert.deepEqual([...engine.state.keys()], ["new"]);
      assert.deepEqual(
        (await users()).map((user) => user.acs_user_id),
        [engine.state.get("new")?.id],
      );
    });

    it("keeps the person whose new name was only half made, when the next run suspends them", async () => {
      const suspended = (name: string) => declared(name, { ...jean(), suspended: true });
      assert.deepEqual(await engine.up([declared("old", jean())]), []);
      await seam.act("faults", {
        match: { path: "/acs/users/suspend" },
        fault: { kind: "status", status: 400 },
      });
      assert.equal((await engine.up([suspended("new")])).length, 1);
      assert.deepEqual([...engine.state.keys()], ["old", "new"]);
      assert.deepEqual(await engine.up([suspended("new")]), []);
      assert.deepEqual(
        (await users()).map((user) => [user.acs_user_id, user.is_suspended]),
        [[engine.state.get("new")?.id, true]],
      );
    });

    it("makes one person where the answer to the create is lost, whatever the name", async () => {
      await seam.act("faults", { match: { path: "/acs/users/create" }, fault: { kind: "reset-after" } });
      // What was made appears in listings a while later.
      await seam.behave({ listLagMs: 400 });
      await verbs().create({ acsSystemId: system, fullName: "Visitor" });
      assert.equal((await users()).length, 1);
    });
  });

  it("says so where an answer was lost, and what that request made appears only after the next one", async () => {
    await seam.act("faults", { match: { path: "/acs/users/create" }, fault: { kind: "reset-after" } });
    await seam.behave({ listLagMs: 1_900 });
    const program: Declared[] = [{ name: "jean", provider: "acsUser", inputs: jean() }];
    const [error] = await engine.up(program);
    const id = engine.state.get("jean")?.id ?? "";
    const [twin] = (await users()).filter((user) => user.acs_user_id !== id);
    assert.match(
      error?.message ?? "",
      new RegExp(`created ACS user ${id}, and the same person once more \\(${twin?.acs_user_id}\\)`),
    );
    await seam.call("/acs/users/delete", { acs_user_id: twin?.acs_user_id });
    const visible = async () => {
      const listed = await seam.call<{ acs_users: WireUser[] }>("/acs/users/list");
      return listed.acs_users.some((user) => user.acs_user_id === id);
    };
    while (!(await visible())) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(await engine.up(program), []);
    assert.deepEqual(
      (await users()).map((user) => user.acs_user_id),
      [id],
    );
  });

  it("is kept by Pulumi where it was made and could not be suspended, and is suspended by the next run", async () => {
    const program: Declared[] = [
      { name: "jean", provider: "acsUser", inputs: { ...jean(), suspended: true } },
    ];
    await seam.act("faults", {
      match: { path: "/acs/users/suspend" },
      fault: { kind: "status", status: 400 },
    });
    const [error] = await engine.up(program);
    const id = engine.state.get("jean")?.id ?? "";
    assert.match(error?.message ?? "", new RegExp(`could not suspend the new ACS user ${id}`));
    assert.deepEqual(
      (await users()).map((user) => [user.acs_user_id, user.is_suspended]),
      [[id, false]],
    );
    assert.deepEqual(await engine.up(program), []);
    assert.deepEqual(
      (await users()).map((user) => user.is_suspended),
      [true],
    );
  });

  it("is not gone while it is only being deleted", async () => {
    const made = await verbs().create(jean());
    await seam.behave({ deletionTimeMs: [60_000, 60_000] });
    await seam.call("/acs/users/delete", { acs_user_id: made.id });
    assert.equal((await verbs().read(made.id, made.outs as object)).id, made.id);
  });

  it("names what is wrong with its arguments", async () => {
    const failures = async (news: object) =>
      ((await verbs().check({}, news)).failures ?? []).map((one) => `${one.property} ${one.reason}`);
    assert.deepEqual(await failures(jean()), []);
    assert.match((await failures({ fullName: "Jean" })).join(), /acsSystemId is missing/);
    assert.match((await failures({ ...jean(), suspended: "yes" })).join(), /suspended must be true or false/);
    const backwards = { startsAt: schedule.endsAt, endsAt: schedule.startsAt };
    assert.match(
      (await failures({ ...jean(), accessSchedule: backwards })).join(),
      /must end after it starts/,
    );
    assert.match((await failures({ ...jean(), accessSchedule: { startsAt: "soon" } })).join(), /ISO 8601/);
  });

  it("tells of a system that is not there", async () => {
    const nowhere = { ...jean(), acsSystemId: "5a3e9f54-6f1c-4f0e-9a55-3f6d1f3f7b11" };
    await assert.rejects(verbs().create(nowhere), /could not create the ACS user: .*acsSystemId/);
  });
});
