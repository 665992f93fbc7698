// Mocha's spec reporter, which also leaves the totals in the file that TEST_RESULTS names.
const { writeFileSync } = require("node:fs");
const { reporters } = require("mocha");

class TestReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const file = process.env.TEST_RESULTS;
      if (file) writeFileSync(file, JSON.stringify({ passes, failures, pending }));
    });
  }
}

module.exports = TestReporter;
