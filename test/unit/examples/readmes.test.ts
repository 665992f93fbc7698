import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const examples = join(__dirname, "..", "..", "..", "examples");

describe("the READMEs of the examples", () => {
  const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) {
    it(`name every setting of ${name}, and the commands to run it`, () => {
      const readme = readFileSync(join(examples, name, "README.md"), "utf8");
      const sources = readdirSync(join(examples, name)).filter((file) => file.endsWith(".ts"));
      const code = sources.map((file) => readFileSync(join(examples, name, file), "utf8")).join("\n");
      for (const [, setting = ""] of code.matchAll(/config\.(?:get|require)\w*(?:<[^(]*>)?\(\s*"(\w+)"/g))
        assert.ok(readme.includes(`\`${setting}\``), setting);
      assert.match(readme, /\bnpm (?:install|start|script|run)/);
    });
  }
});
