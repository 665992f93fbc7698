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

describe("AcsUser", () => {
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

  it("creates a person with schedule and suspension, and reads the same back", async () => {
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

  it("is created in the given groups, and does not manage them afterwards", async () => {
    const groups = async (): Promise<{ id: string; members: string[] }[]> =>
      (await seam.places()).acs_access_groups
        .filter((one) => one.acs_system_id === system)
        .map((one) => ({ id: one.acs_access_group_id, members: one.acs_user_ids }));
    const [staff] = await groups();
    const acsAccessGroupIds = [staff?.id ?? ""];
    const program = (more: object): Declared[] => [
      { name: "jean", provider: "acsUser", inputs: { ...jean(), ...more } },
    ];
    assert.deepEqual(await engine.up(program({ acsAccessGroupIds: [staff?.id.toUpperCase()] })), []);
    const recorded = engine.state.get("jean");
    assert.deepEqual((await groups())[0]?.members, [recorded?.id]);
    assert.deepEqual(recorded?.outputs.acsAccessGroupIds, acsAccessGroupIds);
    await seam.call("/acs/access_groups/remove_user", {
      acs_access_group_id: staff?.id,
      acs_user_id: recorded?.id,
    });
    assert.deepEqual(await engine.refresh(), []);
    assert.deepEqual(engine.state.get("jean")?.inputs.acsAccessGroupIds, acsAccessGroupIds);
    await seam.act("reset_log");
    for (const more of [{ acsAccessGroupIds }, { acsAccessGroupIds: [] }, {}]) {
      assert.deepEqual(await engine.up(program(more)), []);
    }
    assert.deepEqual(await seam.requests(), []);
    const nowhere = { ...jean(), acsAccessGroupIds: [system] };
    await assert.rejects(
      engine.providerAlone("acsUser").create({ ...nowhere, emailAddress: "ada@example.com" }),
      /Check acsSystemId, acsAccessGroupIds and the key/,
    );
    const { failures = [] } = await verbs().check({}, { ...jean(), acsAccessGroupIds: ["staff"] });
    assert.match(failures[0]?.reason ?? "", /acsAccessGroupIds: item 1/);
  });

  it("updates, suspends and unsuspends in place, and removes a schedule", async () => {
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

  it("is replaced for a change that Seam cannot make", async () => {
    const made = await verbs().create(jean());
    const replaces = async (news: object) =>
      (await verbs().diff(made.id, made.outs as object, news)).replaces;
    assert.deepEqual(await replaces({ ...jean(), acsSystemId: await seam.acsSystemId(1) }), ["acsSystemId"]);
    assert.deepEqual(await replaces({ acsSystemId: system, fullName: "Jean Doe" }), ["emailAddress"]);
  });

  it("deletes its credentials first, and is deleted when delete returns", async () => {
    const made = await verbs().create(jean());
    await seam.act("credentials", { acs_user_id: made.id, count: 3 });
    engine.startPlugin();
    await verbs().delete(made.id, made.outs as object);
    const { acs_users, acs_credentials } = await seam.state();
    assert.deepEqual([acs_users, acs_credentials], [[], []]);
    assert.deepEqual(await seam.inspect("order_violations"), []);
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

  it("gives a second resource with the same e-mail address an error that says who has it", async () => {
    const both = await Promise.allSettled([verbs().create(jean()), verbs().create(jean())]);
    assert.deepEqual(both.map((one) => one.status).sort(), ["fulfilled", "rejected"]);
    const reasons = both.map((one) => (one.status === "rejected" ? String(one.reason) : ""));
    assert.match(reasons.join(""), /is another AcsUser \([0-9a-f-]{36}\) of this program/);
    assert.equal((await users()).length, 1);
  });

  it("leaves attributes alone that the program never set", async () => {
    const given = { acsSystemId: system, fullName: "Jean Doe" };
    const made = await verbs().create(given);
    await seam.call("/acs/users/update", { acs_user_id: made.id, phone_number: "+15555550177" });
    await seam.call("/acs/users/suspend", { acs_user_id: made.id });
    const read = await verbs().read(made.id, made.outs as object);
    const difference = await verbs().diff(made.id, read.props ?? {}, given);
    assert.deepEqual([difference.changes, difference.replaces ?? []], [false, []]);
  });

  it("ends a suspension that the program set and no longer sets, and none that was set by hand", async () => {
    const suspended = { ...jean(), suspended: true };
    const made = await verbs().create(suspended);
    const changes = async (olds: object, news: object) => (await verbs().diff(made.id, olds, news)).changes;
    assert.equal(await changes(made.outs as object, jean()), true);
    const given = { ...(made.outs as object), suspended: false };
    assert.equal(await changes(given, jean()), true);
    await verbs().update(made.id, given, jean());
    assert.deepEqual(
      (await users()).map((user) => user.is_suspended),
      [true],
    );
    await verbs().update(made.id, made.outs as object, jean());
    assert.deepEqual(
      (await users()).map((user) => user.is_suspended),
      [false],
    );
  });

  it("is suspended even if Seam refuses another change", async () => {
    const made = await verbs().create(jean());
    await seam.act("faults", {
      match: { path: "/acs/users/update" },
      fault: { kind: "status", status: 400 },
    });
    const news = { ...jean(), fullName: "J", suspended: true };
    await assert.rejects(
      verbs().update(made.id, made.outs as object, news),
      (error: Error & { properties?: Record<string, unknown> }) => {
        assert.match(error.message, /could not update ACS user/);
        const { suspended, fullName } = error.properties ?? {};
        assert.deepEqual([suspended, fullName], [true, "Jean Doe"], "the state shows what was changed");
        return true;
      },
    );
    assert.deepEqual(
      (await users()).map((user) => user.is_suspended),
      [true],
    );
  });

  describe("with a shorter schedule", () => {
    const before = { startsAt: "2020-01-01T00:00:00Z", endsAt: "2999-01-01T00:00:00Z" };
    const shorter = { ...before, endsAt: "2021-01-01T00:00:00Z" };
    /** Seam refuses to set it. */
    const phoneNumber = "1";
    const ends = async () => (await users()).map((user) => user.access_schedule?.ends_at);
    const shortened = [shorter.endsAt];

    it("has it even if Seam refuses another change, and records that", async () => {
      const made = await verbs().create({ ...jean(), accessSchedule: before });
      const news = { ...jean(), phoneNumber, accessSchedule: shorter };
      await assert.rejects(
        verbs().update(made.id, made.outs as object, news),
        (error: Error & { properties?: Record<string, unknown> }) => {
          assert.match(error.message, /could not update ACS user .*Correct the arguments/);
          assert.deepEqual(
            [error.properties?.accessSchedule, error.properties?.phoneNumber],
            [shorter, undefined],
          );
          return true;
        },
      );
      assert.deepEqual(await ends(), shortened);
    });

    it("has it even if its system cannot suspend", async () => {
      const made = await verbs().create({ ...jean(), accessSchedule: before });
      await seam.act("faults", {
        match: { path: "/acs/users/suspend" },
        fault: { kind: "status", status: 400 },
      });
      const news = { ...jean(), fullName: "J", accessSchedule: shorter, suspended: true };
      await assert.rejects(
        verbs().update(made.id, made.outs as object, news),
        (error: Error & { properties?: Record<string, unknown> }) => {
          assert.match(error.message, /could not update ACS user .*\/acs\/users\/suspend with 400/);
          const { accessSchedule, suspended, fullName } = error.properties ?? {};
          assert.deepEqual([accessSchedule, suspended, fullName], [shorter, undefined, "Jean Doe"]);
          return true;
        },
      );
      assert.deepEqual(await ends(), shortened);
    });

    it("has it when it is adopted even if Seam refuses another change", async () => {
      await seam.createAcsUser(system, "jean@example.com");
      const news = { ...jean(), adopt: true, phoneNumber, accessSchedule: shorter };
      await assert.rejects(verbs().create(news), /could not create the ACS user/);
      assert.deepEqual(await ends(), shortened);
    });

    it("gets it with a request of its own where something else changes as well", async () => {
      const updates = async () =>
        (await seam.requests()).filter((one) => one.path === "/acs/users/update").length;
      const made = await verbs().create({ ...jean(), accessSchedule: before });
      for (const [more, requests] of [
        [{ accessSchedule: shorter }, 1],
        [{ fullName: "J", accessSchedule: before }, 1],
        [{ fullName: "J", accessSchedule: { ...before, endsAt: "2999-02-01T00:00:00Z" } }, 1],
        [{ fullName: "J", accessSchedule: shorter }, 2],
      ] as const) {
        await seam.act("reset_log");
        await verbs().update(made.id, made.outs as object, { ...jean(), ...more });
        assert.equal(await updates(), requests, JSON.stringify(more));
      }
    });
  });

  it("accepts a schedule without an end", async () => {
    const { startsAt } = schedule;
    const inputs = { ...jean(), accessSchedule: { startsAt } };
    const made = await verbs().create(inputs);
    const read = await verbs().read(made.id, made.outs as object);
    assert.equal((await verbs().diff(made.id, read.props ?? {}, inputs)).changes, false);
  });

  describe("with adopt", () => {
    it("adopts the ACS user with the e-mail address, and releases it on delete", async () => {
      const id = await seam.createAcsUser(system, "jean@example.com");
      await seam.act("credentials", { acs_user_id: id });
      await assert.rejects(verbs().create(jean()), new RegExp(`${id}, created .*set adopt: true`));
      const made = await verbs().create({ ...jean(), adopt: true });
      assert.equal(made.id, id);
      engine.startPlugin();
      await verbs().delete(made.id, made.outs as object);
      assert.deepEqual(
        (await users()).map((user) => [user.acs_user_id, user.full_name]),
        [[id, "Jean Doe"]],
      );
    });

    it("fails if more than one matches, or if another attribute contradicts", async () => {
      const [one, two] = [
        await seam.createAcsUser(system, "jean@example.com"),
        await seam.createAcsUser(system, "jean@example.com"),
      ];
      await assert.rejects(verbs().create({ ...jean(), adopt: true }), new RegExp(`${one}, ${two}`));
      await seam.call("/acs/users/delete", { acs_user_id: two });
      await seam.call("/acs/users/update", { acs_user_id: one, phone_number: "+15555550177" });
      const another = { ...jean(), adopt: true, phoneNumber: "+15555550199" };
      await assert.rejects(verbs().create(another), /another phoneNumber/);
    });
  });

  describe("with an existing ACS user that looks the same", () => {
    const declared = (name: string, inputs: Record<string, unknown>): Declared => ({
      name,
      provider: "acsUser",
      inputs,
    });

    it("adopts in one run the one that is named, and suspends or unsuspends it as declared", async () => {
      const left = await verbs().create(jean());
      engine.startPlugin();
      const suspended = { ...jean(), suspended: true };
      await assert.rejects(
        verbs().create(suspended),
        new RegExp(`give it an alias.*SEAM_TAKE_OVER=${left.id} pulumi up`),
      );
      engine = new Engine({ ...seam.env, SEAM_TAKE_OVER: left.id });
      const made = await verbs().create(suspended);
      assert.equal(made.id, left.id);
      assert.deepEqual(
        (await users()).map((user) => user.is_suspended),
        [true],
      );
    });

    it("does not adopt by name alone", async () => {
      const visitor = { acsSystemId: system, fullName: "Visitor" };
      const left = await verbs().create(visitor);
      engine.startPlugin();
      await assert.rejects(verbs().create(visitor), new RegExp(`${left.id}.*SEAM_TAKE_OVER=${left.id}`));
      assert.equal((await users()).length, 1);
      const later = await verbs().create({ ...visitor, accessSchedule: schedule });
      assert.notEqual(later.id, left.id);
    });

    it("does not adopt one that is hours old, even with the same e-mail address", async () => {
      await seam.close();
      let old = "";
      seam = await SimulatedWorkspace.agedTwoHours(async (before) => {
        system = await before.acsSystemId(0);
        old = await before.createAcsUser(system, "jean@example.com");
      });
      engine = new Engine(seam.env);
      const inputs = { ...jean(), fullName: "jean@example.com" };
      await assert.rejects(verbs().create(inputs), new RegExp(old));
      assert.deepEqual(
        (await users()).map((user) => user.acs_user_id),
        [old],
      );
    });

    it("creates a second person of the same name in a program that has one", async () => {
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

    it("keeps the person if the resource is renamed without an alias", async () => {
      assert.deepEqual(await engine.up([declared("old", jean())]), []);
      engine.continueOnError = true;
      const [created, deleted] = await engine.up([declared("new", jean())]);
      assert.match(created?.message ?? "", /set adopt: true/);
      assert.match(deleted?.message ?? "", /could not delete ACS user .* give it an alias/);
      assert.deepEqual([...engine.state.keys()], ["old"]);
      assert.deepEqual(
        (await users()).map((user) => user.acs_user_id),
        [engine.state.get("old")?.id],
      );
    });

    it("creates one person if the answer to the create is lost, whatever the name", async () => {
      await seam.act("faults", { match: { path: "/acs/users/create" }, fault: { kind: "reset-after" } });
      // Listings show a created ACS user only after a while.
      await seam.behave({ listLagMs: 400 });
      await verbs().create({ acsSystemId: system, fullName: "Visitor" });
      assert.equal((await users()).length, 1);
    });
  });

  it("reports a lost answer if what that request created appears only after the next request", async () => {
    await seam.act("faults", { match: { path: "/acs/users/create" }, fault: { kind: "reset-after" } });
    await seam.behave({ listLagMs: 1_900 });
    const program: Declared[] = [{ name: "jean", provider: "acsUser", inputs: jean() }];
    const [error] = await engine.up(program);
    const id = engine.state.get("jean")?.id ?? "";
    const [twin] = (await users()).filter((user) => user.acs_user_id !== id);
    assert.match(
      error?.message ?? "",
      new RegExp(`created ACS user ${id}, and probably the same person once more \\(${twin?.acs_user_id}\\)`),
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

  it("is in the state if it was created and could not be suspended, and the next run suspends it", async () => {
    const program: Declared[] = [
      { name: "jean", provider: "acsUser", inputs: { ...jean(), suspended: true } },
    ];
    await seam.act("faults", {
      match: { path: "/acs/users/suspend" },
      fault: { kind: "status", status: 400 },
    });
    const [error] = await engine.up(program);
    const id = engine.state.get("jean")?.id ?? "";
    assert.match(error?.message ?? "", new RegExp(`could not suspend the ACS user ${id}`));
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

  it("is not deleted while its deletion is still in progress", async () => {
    const made = await verbs().create(jean());
    await seam.behave({ deletionTimeMs: [60_000, 60_000] });
    await seam.call("/acs/users/delete", { acs_user_id: made.id });
    assert.equal((await verbs().read(made.id, made.outs as object)).id, made.id);
  });

  it("names each invalid argument", async () => {
    const failures = async (news: object) =>
      ((await verbs().check({}, news)).failures ?? []).map((one) => `${one.reason}`);
    assert.deepEqual(await failures(jean()), []);
    assert.match((await failures({ fullName: "Jean" })).join(), /acsSystemId is missing/);
    assert.match((await failures({ ...jean(), suspended: "yes" })).join(), /suspended must be true or false/);
    const backwards = { startsAt: schedule.endsAt, endsAt: schedule.startsAt };
    assert.match(
      (await failures({ ...jean(), accessSchedule: backwards })).join(),
      /must end after it starts/,
    );
    const failuresAt = async (startsAt: string): Promise<string> =>
      (await failures({ ...jean(), accessSchedule: { startsAt } })).join();
    assert.match(await failuresAt("soon"), /accessSchedule: startsAt must be .* ISO 8601/);
    assert.match(
      await failuresAt("2026-12-01T08:00:00"),
      /accessSchedule: startsAt must include a time zone/,
    );
    assert.match(
      await failuresAt("2026-02-30T08:00:00Z"),
      /accessSchedule: startsAt must be an existing date/,
    );
  });

  it("reports that its system does not exist", async () => {
    const nowhere = { ...jean(), acsSystemId: "5a3e9f54-6f1c-4f0e-9a55-3f6d1f3f7b11" };
    await assert.rejects(verbs().create(nowhere), /could not create the ACS user: .*acsSystemId/);
  });
});
