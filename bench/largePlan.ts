import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedWorkspace } from "../test/simulatedWorkspace";

// Measures `pulumi-seam plan` of a large preview, with a limit of 50 requests a second. After `npm run build`:
// npx ts-node bench/largePlan.ts [steps] [deletes] [requests a second]

const program = join(__dirname, "..", "dist", "cli", "main.js");
const behavior = { latencyMs: 50 };
/** The figures for 5,000 steps, 500 of them deletes, before the workspace was listed for the creates. */
const earlier = "7,029 requests and 164 s";

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
  seconds: number;
  /** The peak memory of the process, in MB; undefined if the system does not show it. */
  megabytes: number | undefined;
}

function plan(env: Record<string, string>, preview: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [program, "plan", "-", "--format", "json"], {
      env: { ...process.env, ...env },
    });
    let megabytes: number | undefined;
    const timer = setInterval(() => {
      try {
        const peak = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
        if (peak !== undefined) megabytes = Math.round(Number(peak) / 1024);
      } catch {
        // Not available on this system, or the process has ended.
      }
    }, 100);
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        output[stream] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (status) => {
      clearInterval(timer);
      resolve({ status, ...output, seconds: (performance.now() - startedAt) / 1000, megabytes });
    });
    child.stdin.end(preview);
  });
}

async function main(steps: number, deletes: number, requestsPerSecond: number): Promise<void> {
  const seam = await SimulatedWorkspace.start({}, 7);
  await seam.act("populate", { identities: deletes, acs_users: true });
  const urn = (name: string): string =>
    `urn:pulumi:dev::app::pulumi-nodejs:dynamic/seam:UserIdentity::${name}`;
  const deletions = (await seam.state()).user_identities.map((one, index) => {
    const inputs = { emailAddress: one.email_address, fullName: one.full_name };
    const outputs = { ...inputs, workspaceId: seam.workspaceId };
    return {
      op: "delete",
      urn: urn(`leaver-${index}`),
      oldState: { id: one.user_identity_id, inputs, outputs },
    };
  });
  const creations = Array.from({ length: steps - deletes }, (_, index) => {
    const inputs = {
      userIdentityKey: `joiner-${index}`,
      emailAddress: `joiner-${index}@example.com`,
      fullName: `New ${index}`,
    };
    return { op: "create", urn: urn(`joiner-${index}`), newState: { inputs } };
  });
  await seam.behave({
    ...behavior,
    rateLimit: { requestsPerSecond, burst: requestsPerSecond, retryAfter: true },
  });
  await seam.act("reset_log");
  const { status, stderr, seconds, megabytes } = await plan(
    seam.env,
    JSON.stringify({ steps: [...deletions, ...creations] }),
  );
  if (status !== 0) throw new Error(`plan ended with ${status}: ${stderr}`);
  const requests = (await seam.requests()).length;
  await seam.close();
  console.log(`${steps} steps, ${deletes} of them deletes, ${requestsPerSecond} requests a second:`);
  console.log(`  before  ${earlier}`);
  console.log(`  now     ${requests} requests and ${seconds.toFixed(0)} s, at most ${megabytes ?? "?"} MB`);
}

const [steps = 5000, deletes = 500, requestsPerSecond = 50] = process.argv.slice(2).map(Number);
void main(steps, deletes, requestsPerSecond).then(() => process.exit(0));
