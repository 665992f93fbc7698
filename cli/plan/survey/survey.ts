import { text } from "../../../provider/resources/properties";
import { explain } from "../../../provider/resources/resourceErrors";
import type { SeamClient } from "../../../provider/seam/client";
import { SeamAuthenticationError, SeamError, SeamNoAnswerError } from "../../../provider/seam/errors";
import { inParallel } from "../../inParallel";
import { adviceForCommand } from "../../seamFailure";
import { type Finding, unchecked } from "../finding";
import type { Forecast, Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import { failure } from "./failure";
import { IdentityLookup } from "./identityLookup";
import type { Workspace } from "./query";
import { NameLookup } from "./nameLookup";
import type { Observation, Survey } from "./types";
import { observeStep } from "./workspace";
import { WorkspaceListing } from "./workspaceListing";

/**
 * A client for each workspace of a plan, by the name of the provider in the program; undefined for the stack's default provider.
 */
export type Clients = ReadonlyMap<string | undefined, SeamClient>;

/** Enough to hide the pauses before a missing object is looked up again. */
const concurrentSteps = 64;

/**
 * Queries Seam for what judging a plan needs, each workspace with its own key. Nothing is changed.
 *
 * @throws ResourceError if Seam refuses a key.
 */
export async function survey(
  forecasts: readonly Forecast[],
  clients: Clients,
  onProgress: (progress: string) => void = () => undefined,
): Promise<Survey> {
  const observations = new Map<Step, Observation>();
  const workspaces = new Map<string | undefined, Workspace | Finding>();
  for (const [provider, client] of clients) {
    const steps = forecasts.map(({ step }) => step).filter((step) => step.provider === provider);
    if (steps.length > 0) workspaces.set(provider, await openWorkspace(client, provider, steps, onProgress));
  }
  let done = 0;
  await inParallel(
    forecasts,
    async (one) => {
      const workspace = workspaces.get(one.step.provider);
      if (workspace !== undefined) {
        const isFinding = "kind" in workspace;
        observations.set(one.step, isFinding ? { findings: [workspace] } : await observeStep(workspace, one));
      } else if (clients.size > 0 && one.step.provider !== undefined) {
        observations.set(one.step, { findings: [unchecked(withoutKey(one.step.provider))] });
      }
      done += 1;
      onProgress(`${done} of ${forecasts.length}`);
    },
    concurrentSteps,
  );
  return {
    asked: clients.size > 0,
    of: (step) => observations.get(step) ?? { findings: [] },
    systemName(provider, acsSystemId) {
      const workspace = workspaces.get(provider);
      if (workspace === undefined || "kind" in workspace) return undefined;
      return workspace.systems?.get(acsSystemId) || undefined;
    },
  };
}

function withoutKey(provider: string): string {
  const option = `--key ${provider}=<environment variable>`;
  return `it belongs to the provider \`${provider}\`, for whose workspace there is no key: give one with \`${option}\``;
}

/** What all queries of a workspace share, or the reason why it cannot be queried. */
async function openWorkspace(
  client: SeamClient,
  provider: string | undefined,
  steps: readonly Step[],
  onProgress: (progress: string) => void,
): Promise<Workspace | Finding> {
  let systems: Workspace["systems"];
  try {
    const listed = await client.listAcsSystems();
    systems = new Map(listed.map((system) => [system.acs_system_id, system.name]));
  } catch (error) {
    const whose = provider === undefined ? "" : ` with the key for the provider ${provider}`;
    if (error instanceof SeamAuthenticationError) {
      throw explain(`query Seam${whose}`, error, adviceForCommand(error));
    }
    // A request for each step would fail in the same way, and only take time.
    if (error instanceof SeamNoAnswerError) return failure("query Seam", error);
    // After other errors, only the names of systems are missing.
    if (!(error instanceof SeamError)) throw error;
  }
  const identities = new IdentityLookup(client);
  await identities.load(
    steps.flatMap(({ resource, does, id, new: inputs }) => {
      if (resource === "UserIdentity") return id ?? [];
      const grantee = text(shownValues(inputs).userIdentityId);
      return resource === "AccessGrant" && does !== "delete" && does !== "update" ? (grantee ?? []) : [];
    }),
  );
  const listing = new WorkspaceListing(client);
  await listing.load(steps, (count) => onProgress(`${count} objects listed`));
  return { client, systems, identities, names: new NameLookup(client), listing };
}
