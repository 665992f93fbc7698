import { PulumiProject } from "../test/e2e/pulumiProject";
import { SimulatedWorkspace } from "../test/simulatedWorkspace";
import { describeMachine, type Machine } from "./machine";

// The cost of access grants through the real CLI: state and requests.

/** The cost of a number of grants for one space, each with its own identity. The cost of the identities is not included. */
export interface GrantCost {
  grants: number;
  /** The size of one grant in the `file://` backend's file, in bytes. */
  stateBytes: number;
  upRequests: number;
  refreshRequests: number;
}

const program = `
  // @ts-nocheck
  import * as seam from "pulumi-seam";
  const space = new seam.Space("building", { name: "Building", acsEntranceIds: [process.env.ENTRANCE] });
  for (let index = 0; index < Number(process.env.COUNT); index += 1) {
    const args = { emailAddress: "person-" + index + "@example.com", fullName: "Person " + index };
    const userIdentity = new seam.UserIdentity("person-" + index, args);
    if (process.env.GRANTS !== "1") continue;
    new seam.AccessGrant("person-" + index + "-building", {
      userIdentity,
      spaces: [space],
      requestedAccessMethods: [{ mode: "mobile_key" }],
      endsAt: "2099-12-31T18:00:00Z",
    });
  }
`;

export async function measureGrantCost(grants: number, say: (line: string) => void): Promise<GrantCost> {
  const seam = await SimulatedWorkspace.start({ deletionTimeMs: [0, 0], eventDelayMs: 0 }, 7);
  try {
    const [entrance] = (await seam.places()).acs_entrances;
    const env = { ...seam.env, COUNT: String(grants), ENTRANCE: entrance?.acs_entrance_id };
    const project = await PulumiProject.create({ example: "basic", program, ownModules: true, env });
    const requestsOf = async (operation: string, withGrants: boolean): Promise<number> => {
      await seam.act("reset_log");
      await project.run([operation, "--yes", "--skip-preview"], { env: { GRANTS: withGrants ? "1" : "0" } });
      const { total } = await seam.inspect<{ total: number }>("counts");
      say(`${grants} grants, ${operation} ${withGrants ? "with them" : "without them"}: ${total} requests`);
      return total;
    };
    await requestsOf("up", false);
    const refreshBefore = await requestsOf("refresh", false);
    // The identities exist already, so all requests are for grants.
    const upRequests = await requestsOf("up", true);
    const refreshRequests = (await requestsOf("refresh", true)) - refreshBefore;
    const { checkpoint } = JSON.parse(project.stateText()) as {
      checkpoint: { latest: { resources: { urn: string }[] } };
    };
    const grant = checkpoint.latest.resources.find(({ urn }) => urn.endsWith("::person-5-building"));
    return {
      grants,
      stateBytes: Buffer.byteLength(`${JSON.stringify(grant)},`),
      upRequests,
      refreshRequests,
    };
  } finally {
    await seam.close();
  }
}

const targets = { stateBytes: 2_560, refreshRequests: 60 };

export function renderGrantCost(cost: GrantCost, machine: Machine): string {
  const { grants, stateBytes, upRequests, refreshRequests } = cost;
  return `## Access grants

Taken ${describeMachine(machine)}. ${grants} grants for one space, each of an identity of its own that is there already; the identities' own requests are not counted.

| what | figure | goal |
| --- | --- | --- |
| state of a grant | ${stateBytes} bytes | ${targets.stateBytes} bytes |
| requests of an \`up\` that creates them | ${upRequests} (${(upRequests / grants).toFixed(1)} each) | |
| requests of a refresh | ${refreshRequests} | ${targets.refreshRequests} |

The doors of a grant that names entrances or devices of its own are read one grant at a time, so a refresh takes one more request for each of
these.
`;
}
