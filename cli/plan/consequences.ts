import { explain } from "../../provider/resources/resourceErrors";
import { undecidedAdoption } from "../../provider/resources/userIdentityAttributes";
import type { SeamClient } from "../../provider/seam/client";
import { SeamAuthenticationError, SeamNoAnswerError } from "../../provider/seam/errors";
import { sideBySide } from "../sideBySide";
import { settleAcsUsers } from "./acsUserFates";
import { changedFields, type FieldChange } from "./changedFields";
import { type Fate, fateOf } from "./fates";
import { lookForConflicts } from "./identityConflicts";
import { noteFailure } from "./failures";
import { KnownIdentities } from "./knownIdentities";
import { lookAtAcsUser, lookAtOldLink, lookUnderIdentity } from "./losses";
import { lookAtNewLink } from "./newLinks";
import type { Step } from "./previewSteps";
import { findRenames } from "./renames";
import { quoted } from "./resourceNames";
import { findTwins } from "./twins";

/** One ACS user and what goes with it. */
export interface AcsUserAtStake {
  acsUserId: string;
  acsSystemId: string;
  /** Undefined if Seam shows no name for it. */
  acsSystemName: string | undefined;
  credentials: number;
}

/** What lies under an identity that is to go. */
export interface AtStake {
  acsUsers: AcsUserAtStake[];
  phones: number;
  clientSessions: number;
  enrollmentAutomations: number;
}

/** What a step will do in Seam, as far as it can be seen. */
export interface Consequence {
  step: Step;
  /** Of a delete or replacement: what becomes of the identity or link in Seam. */
  fate?: Fate;
  /** Of a teardown: what goes with the identity. Absent if nobody asked Seam. */
  takes?: AtStake;
  /** Of a teardown: ACS users that stay, with their credentials. */
  keeps?: AcsUserAtStake[];
  changes?: FieldChange[];
  /** Why the apply will fail or do harm, with the way out. */
  problems: string[];
  /** What Seam was asked and did not answer. */
  unchecked: string[];
  /** What is worth knowing besides, and what could not be seen. */
  notes: string[];
}

/** What the looks at Seam for one plan share. */
export interface Looking {
  client: SeamClient;
  /** Names by id; undefined if Seam did not tell. */
  systems: ReadonlyMap<string, string> | undefined;
  identities: KnownIdentities;
  steps: readonly Step[];
}

/** Enough to hide the pauses in which something missing is asked for again. */
const stepsAtOnce = 64;

/**
 * Says what each step means; without a client only as far as the preview itself tells.
 *
 * @throws ResourceError if Seam refuses the key.
 */
export async function consequencesOf(
  steps: readonly Step[],
  client: SeamClient | undefined,
  onProgress: (done: number) => void = () => undefined,
): Promise<Consequence[]> {
  const consequences = steps.map((step) => fromPreview(step, steps));
  findRenames(consequences);
  if (client !== undefined) await look(client, consequences, onProgress);
  findTwins(consequences);
  settleAcsUsers(consequences);
  return consequences;
}

function fromPreview(step: Step, steps: readonly Step[]): Consequence {
  const consequence: Consequence = { step, problems: [], unchecked: [], notes: [] };
  if (step.does === "update" || step.does === "replace") consequence.changes = changedFields(step);
  const undecided = step.does === "update" ? undecidedAdoption(step.old, step.new) : undefined;
  if (undecided !== undefined) consequence.problems.push(undecided);
  if (step.does !== "delete" && step.does !== "replace") return consequence;
  consequence.fate = fateOf(step, steps);
  if (step.old.adopted === true && consequence.fate === "retained") {
    consequence.notes.push("it was adopted, so it is released and stays in Seam");
  }
  return consequence;
}

async function look(
  client: SeamClient,
  consequences: readonly Consequence[],
  onProgress: (done: number) => void,
): Promise<void> {
  let systems: Looking["systems"];
  try {
    const listed = await client.listAcsSystems();
    systems = new Map(listed.map((system) => [system.acs_system_id, system.name]));
  } catch (error) {
    if (error instanceof SeamAuthenticationError) throw explain("ask Seam what is at stake", error);
    if (error instanceof SeamNoAnswerError) {
      // Asking again for each step would only take its time.
      for (const consequence of consequences) noteFailure(consequence, error);
      return;
    }
  }
  const steps = consequences.map(({ step }) => step).filter(({ provider }) => provider === undefined);
  const looking: Looking = { client, systems, identities: new KnownIdentities(client), steps };
  await looking.identities.load(steps);
  let done = 0;
  await sideBySide(
    consequences,
    async (consequence) => {
      await lookAt(looking, consequence).catch((error: unknown) => noteFailure(consequence, error));
      done += 1;
      onProgress(done);
    },
    stepsAtOnce,
  );
}

async function lookAt(looking: Looking, consequence: Consequence): Promise<void> {
  const { does, resource, provider } = consequence.step;
  if (provider !== undefined) {
    consequence.unchecked.push(
      `it belongs to the provider ${quoted(provider)}, and only the workspace of SEAM_API_KEY was asked`,
    );
    return;
  }
  const [goes, comes] = [does === "delete" || does === "replace", does !== "delete"];
  if (resource === "UserIdentity") {
    if (goes) await lookUnderIdentity(looking, consequence);
    if (comes) await lookForConflicts(looking, consequence);
  } else if (resource === "AcsUser") {
    await lookAtAcsUser(looking, consequence);
  } else {
    if (consequence.fate === "unlinked") await lookAtOldLink(looking, consequence);
    if (comes) await lookAtNewLink(looking, consequence);
  }
}
