import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

type Message = {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: { exceptionDetails?: { text: string }; entry?: { level: string; text: string } };
  result?: Record<string, unknown>;
  error?: { message: string };
};

/** The browser to test with: `CHROMIUM`, or the first usual name that is on the PATH; undefined if there is none. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  return [process.env.CHROMIUM, ...names].find(
    (name) => name !== undefined && spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
  );
}

/** A page in a headless Chromium, driven by the DevTools protocol over a pipe. */
export class BrowserPage {
  /** Errors of the page: uncaught exceptions, and what the Content-Security-Policy blocked. */
  readonly problems: string[] = [];
  private readonly waiting = new Map<number, (message: Message) => void>();
  private session: string | undefined;
  private calls = 0;

  private constructor(
    private readonly browser: ChildProcess,
    private readonly profile: string,
  ) {
    let read = "";
    (browser.stdio[4] as Readable).setEncoding("utf8").on("data", (part: string) => {
      const messages = (read + part).split("\0");
      read = messages.pop() ?? "";
      for (const text of messages) this.receive(JSON.parse(text) as Message);
    });
  }

  static async open(executable: string): Promise<BrowserPage> {
    const profile = mkdtempSync(join(tmpdir(), "pulumi-seam-browser-"));
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
    const quiet = [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
    ];
    const args = [...flags, ...quiet, "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank"];
    const browser = spawn(executable, args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    const page = new BrowserPage(browser, profile);
    const { targetInfos } = await page.send("Target.getTargets");
    const target = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === "page");
    const attached = await page.send("Target.attachToTarget", { targetId: target?.targetId, flatten: true });
    page.session = String(attached.sessionId);
    for (const domain of ["Page", "Runtime", "Log"]) await page.send(`${domain}.enable`);
    return page;
  }

  async goTo(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
  }

  /** The value of a JavaScript expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    return (answer.result as { value?: unknown }).value;
  }

  /** Resolves when the expression is true; the test's own timeout limits the wait. */
  async until(expression: string): Promise<void> {
    while ((await this.evaluate(expression)) !== true)
      await new Promise((resolve) => setTimeout(resolve, 30));
  }

  async setView(width: number, scheme: "light" | "dark"): Promise<void> {
    const metrics = { width, height: 800, deviceScaleFactor: 1, mobile: false };
    await this.send("Emulation.setDeviceMetricsOverride", metrics);
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.send("Emulation.setEmulatedMedia", { features });
  }

  /** A PNG file. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.send("Page.captureScreenshot", { captureBeyondViewport: true });
    return Buffer.from(String(data), "base64");
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.browser.once("exit", resolve));
    // Chromium ends its processes when it closes itself; they write to the profile until then.
    this.session = undefined;
    await this.send("Browser.close");
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  private send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    this.calls += 1;
    const id = this.calls;
    const session = this.session === undefined ? {} : { sessionId: this.session };
    (this.browser.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  private receive(message: Message): void {
    if (message.id !== undefined) {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    }
    const { exceptionDetails, entry } = message.params ?? {};
    if (exceptionDetails !== undefined) this.problems.push(exceptionDetails.text);
    if (entry?.level === "error") this.problems.push(entry.text);
  }
}
