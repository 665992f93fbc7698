// Mocha's spec reporter. It also writes the totals and the failures to the file that TEST_RESULTS names, and prints how to run a failed file alone.
const { writeFileSync } = require("node:fs");
const { relative } = require("node:path");
const { reporters } = require("mocha");

class TestReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = new Set();
    const errors = [];
    runner.on("fail", (test, error) => {
      if (test.file !== undefined) failed.add(relative(process.cwd(), test.file));
      errors.push(`${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const results = process.env.TEST_RESULTS;
      if (results) writeFileSync(results, JSON.stringify({ passes, failures, pending, errors }));
      if (failed.size === 0) return;
      console.log("To run the failed files alone, after `npm run build`:\n");
      for (const file of failed) {
        console.log(`  npx mocha --no-config -r ts-node/register --timeout 60000 ${file}`);
      }
      console.log("\nCONTRIBUTING.md has more; a random test prints the seed to run it again with.\n");
    });
  }
}

module.exports = TestReporter;
