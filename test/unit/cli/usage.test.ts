import assert from "node:assert/strict";
import { runSeamCommand } from "../../seamCommand";

describe("the usage of pulumi-seam", () => {
  for (const command of ["plan", "import", "teardown", "doctor", "simulate"]) {
    it(`fits into 80 columns: ${command} --help`, async () => {
      const { status, stdout } = await runSeamCommand([command, "--help"]);
      assert.equal(status, 0);
      assert.deepEqual(
        stdout.split("\n").filter((line) => line.length > 80),
        [],
      );
    });
  }

  it("is not printed after a mistake, which it would scroll out of a terminal", async () => {
    for (const [args, mistake] of [
      [["plan", "--max-deletes", "five"], "option '--max-deletes <n>' argument 'five' is invalid."],
      [["teardown"], "missing required argument 'identity'"],
      [["import"], "name the identities to import, or give --all"],
      [["tear-down"], "unknown command 'tear-down'"],
    ] as const) {
      const { status, stdout, stderr } = await runSeamCommand(args);
      assert.equal(status, 2);
      assert.equal(stdout, "");
      const lines = stderr.split("\n").filter((line) => line !== "");
      assert.ok(lines[0]?.startsWith(`error: ${mistake}`), stderr);
      const command = args[0] === "tear-down" ? "" : ` ${args[0]}`;
      assert.equal(lines.at(-1), `See \`pulumi-seam${command} --help\`.`);
      assert.ok(lines.length <= 3, stderr);
    }
  });
});
