import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { runSeamCommand } from "../seamCommand";
import { PulumiProject } from "./pulumiProject";

const root = join(__dirname, "..", "..");
const readme = readFileSync(join(root, "README.md"), "utf8");

describe("examples/access through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  let file = readFileSync(join(root, "examples", "access", "company.yaml"), "utf8");

  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [20, 100], eventDelayMs: 10 });
    project = await PulumiProject.create({ example: "access", env: seam.env });
  });
  after(() => seam?.close());

  /** Edits the file and returns what the plan shows. */
  async function edit(from: RegExp, to: string): Promise<string> {
    assert.match(file, from);
    file = file.replace(from, to);
    project.write("company.yaml", file);
    const { stdout: preview } = await project.run(["preview", "--json", "--show-sames"]);
    const { stdout } = await runSeamCommand(["plan", "-"], { env: seam.env, input: preview });
    return stdout;
  }

  /** Returns the names of the spaces that each person has a grant for. */
  async function access(): Promise<Record<string, string[]>> {
    const { user_identities, access_grants, spaces } = await seam.state();
    const nameOf = new Map(spaces.map((space) => [space.space_id, space.name]));
    return Object.fromEntries(
      user_identities.map((person): [string, string[]] => [
        person.user_identity_key ?? "",
        access_grants
          .filter((grant) => grant.user_identity_id === person.user_identity_id)
          .flatMap((grant) => grant.space_ids.map((id) => nameOf.get(id) ?? ""))
          .sort(),
      ]),
    );
  }

  it("is what README.md shows of it", () => {
    const [, shown = ""] = /^```yaml\n(mia_chen:\n[^]*?)```$/m.exec(readme) ?? [];
    assert.ok(shown !== "" && file.includes(shown.replace(/^(?=.)/gm, "  ")));
  });

  it("gives people access to buildings", async () => {
    await project.up();
    assert.deepEqual(await access(), {
      mia_chen: ["Headquarters", "Lab"],
      omar_haddad: ["Headquarters"],
      tess_novak: ["Lab"],
    });
    if (!deep) return;
    await project.preview("--expect-no-changes");
    await project.refresh("--expect-no-changes");
  });

  itInCi("moves somebody to another building", async () => {
    const plan = await edit(/(omar@example\.com\n.*\n.*building: )headquarters/, "$1lab");
    assert.match(plan, /omar_haddad.*loses Headquarters/);
    await project.up();
    assert.deepEqual((await access()).omar_haddad, ["Lab"]);
  });

  itInCi("changes somebody's dates in place", async () => {
    const before = (await seam.state()).access_methods.map((one) => one.access_method_id).sort();
    const plan = await edit(/2027-06-30T18:00:00\+02:00/, "2027-03-31T18:00:00+02:00");
    assert.match(plan, /mia_chen.*Lab/);
    await project.up();
    const { access_methods, access_grants } = await seam.state();
    assert.deepEqual(access_methods.map((one) => one.access_method_id).sort(), before);
    assert.ok(
      access_grants.some(({ ends_at }) => Date.parse(ends_at ?? "") === Date.parse("2027-03-31T16:00:00Z")),
    );
  });

  it("closes the doors of somebody who leaves, and of nobody else", async () => {
    const plan = await edit(/ {2}mia_chen:\n(?: {4}.*\n)+/, "");
    const shown = /^```text\n(1 person loses access [^]*?)```$/m.exec(readme)?.[1];
    assert.ok(shown !== undefined && plan.startsWith(shown), `README.md shows another plan than\n${plan}`);
    await project.up();
    assert.deepEqual(await access(), { omar_haddad: [deep ? "Lab" : "Headquarters"], tess_novak: ["Lab"] });
    const { open } = await seam.doors();
    assert.ok(open.length > 0);
  });

  it("leaves nothing after a destroy", async () => {
    await project.destroy();
    const { user_identities, access_grants, access_methods, spaces } = await seam.state();
    assert.deepEqual([user_identities, access_grants, access_methods, spaces], [[], [], [], []]);
    assert.deepEqual((await seam.doors()).open, []);
    assert.deepEqual(await seam.inspect("order_violations"), []);
  });
});
