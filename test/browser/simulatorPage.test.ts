import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { BrowserPage, findChromium } from "./chromium";

const text = (id: string): string => `document.getElementById("${id}").innerText`;

describe("the simulator's page, in a browser", function () {
  this.timeout(60_000);
  let seam: SimulatedWorkspace;
  let page: BrowserPage;
  before(async function () {
    const chromium = findChromium();
    if (chromium === undefined) {
      // If a browser is named, the tests must not be skipped because it is missing.
      if (process.env.CHROMIUM) throw new Error(`there is no browser ${process.env.CHROMIUM}`);
      console.log("      skipped: there is no Chromium on the PATH, and CHROMIUM names none");
      this.skip();
    }
    page = await BrowserPage.open(chromium);
  });
  after(() => page?.close());
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [400, 600] }, 1);
  });
  afterEach(async () => {
    // So that the page does not poll a simulator that has ended.
    await page.goTo("about:blank");
    await seam.close();
    page.problems.length = 0;
  });

  /** Saves a screenshot for review, if `SCREENSHOTS` names a folder. */
  async function saveScreenshot(name: string): Promise<void> {
    const folder = process.env.SCREENSHOTS;
    if (folder !== undefined) writeFileSync(join(folder, `${name}.png`), await page.screenshot());
  }

  const person = (full_name: string, credentials_per_acs_user: number[]) =>
    seam.act<{ acs_user_ids: string[] }>("person", { full_name, credentials_per_acs_user, phones: 1 });

  it("shows an empty workspace, and fits each width in light and dark", async () => {
    await page.setView(1100, "light");
    await page.goTo(`${seam.url}/`);
    await page.until(`${text("people")}.includes("Nobody yet")`);
    assert.equal(await page.evaluate(`document.getElementById("workspaces").checkVisibility()`), false);
    await saveScreenshot("empty");
    await person("Jean Doe", [3, 2, 1]);
    await person("A".repeat(200), [12]);
    await page.until(`${text("people")}.includes("Jean Doe")`);
    for (const scheme of ["light", "dark"] as const) {
      for (const width of [1100, 320]) {
        await page.setView(width, scheme);
        assert.equal(
          await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
          true,
        );
        await saveScreenshot(`${scheme}-${width}`);
      }
    }
    assert.deepEqual(page.problems, []);
  });

  it("shows doors close during a teardown, and who was deleted", async () => {
    await page.setView(1100, "light");
    await page.goTo(`${seam.url}/`);
    const { acs_user_ids } = await person("Jean Doe", [2]);
    await page.until(`${text("doors")} === "2 keys open doors"`);
    // Long enough for a page that is drawn late.
    await seam.behave({ deletionTimeMs: [3_000, 3_000] });
    const { acs_credentials, user_identities, phones } = await seam.state();
    for (const { acs_credential_id } of acs_credentials) {
      await seam.call("/acs/credentials/delete", { acs_credential_id });
    }
    await page.until(`document.querySelectorAll("#people tbody .deleting").length === 2`);
    await saveScreenshot("deleting");
    await page.until(`${text("doors")} === "All doors closed"`);
    await seam.behave({ deletionTimeMs: [0, 0], identityDelete: "cascade" });
    assert.equal(acs_user_ids.length + phones.length, 2);
    await seam.call("/user_identities/delete", { user_identity_id: user_identities[0]?.user_identity_id });
    await page.until(`document.querySelector("#people .gone .name")?.textContent === "Jean Doe"`);
    await saveScreenshot("gone");
    assert.deepEqual(page.problems, []);
  });

  it("shows hostile names as text", async () => {
    const name = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
    await person(name, [1]);
    await page.goTo(`${seam.url}/`);
    await page.until(`document.querySelector("#people .name")?.textContent === ${JSON.stringify(name)}`);
    assert.equal(await page.evaluate(`document.querySelectorAll("main img, main script").length`), 0);
    assert.equal(await page.evaluate("document.title"), "Simulated Seam workspace");
    assert.deepEqual(page.problems, []);
  });
});
