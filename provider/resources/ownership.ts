/**
 * Whose an object is that exists before a create has succeeded. Only these count as proof that it is the resource's own:
 *
 * - `namedForThisRun`: a person named its id in SEAM_TAKE_OVER, for this one run.
 * - `derivedKey`: it has the key that was derived for this very resource (from stack, project, parents and name), every
 *   attribute that the program gives to the letter, nobody is linked to it, and it is recent. Such a one is what a run that was
 *   interrupted leaves. An old one can belong to a resource that had the name before, or to another state of the same name.
 * - `lostAnswer`: this process sent the create, its answer was lost, and the object appeared after that, with every attribute to
 *   the letter and nobody linked to it.
 *
 * `adopt: true` and an import are a person's word as well, and are handled where they are read. Nothing else proves anything: not
 * being new, not looking the same, not a key, e-mail address or phone number that the program gives, because another stack,
 * another person's program or the app can give the same.
 */
export type Proof = "namedForThisRun" | "derivedKey" | "lostAnswer";

/** What is known of an object that is in the way of a create. */
export interface Evidence {
  id: string;
  /** When it was made, by Seam's clock. */
  createdAt: Date;
  /** Seam's clock now. */
  now: Date;
  /** Whether it has every attribute that the program gives, and no other. */
  sameToTheLetter: boolean;
  /** Whether anybody is linked to it. */
  linked: boolean;
  beingDeleted: boolean;
  /** Whether its key is the one derived for this very resource. */
  hasDerivedKey: boolean;
  /** When this process first sent a create whose answer was lost, by Seam's clock. */
  lostSince: Date | undefined;
  /** The ids in SEAM_TAKE_OVER. */
  named: ReadonlySet<string>;
}

/** What a run that was interrupted left is younger than this. Milliseconds. */
export const interruptedRunAge = 60 * 60 * 1000;

/** What proves that the object is the resource's own, or undefined. */
export function proofOfOwnership(evidence: Evidence): Proof | undefined {
  if (evidence.beingDeleted) return undefined;
  if (evidence.named.has(evidence.id)) return "namedForThisRun";
  if (evidence.linked || !evidence.sameToTheLetter) return undefined;
  const age = evidence.now.getTime() - evidence.createdAt.getTime();
  if (evidence.hasDerivedKey && age < interruptedRunAge) return "derivedKey";
  const { lostSince, createdAt } = evidence;
  if (lostSince !== undefined && createdAt.getTime() >= lostSince.getTime()) return "lostAnswer";
  return undefined;
}

/** The name of the environment variable with the ids that a person takes over in one run. */
export const takeOverVariable = "SEAM_TAKE_OVER";

/** The ids in SEAM_TAKE_OVER: UUIDs, separated by commas or blanks. Anything else names nothing. */
export function takeOverIds(env: NodeJS.ProcessEnv): ReadonlySet<string> {
  return new Set(
    (env[takeOverVariable] ?? "")
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((id) => id !== ""),
  );
}

/** How an error says that an id can be taken over in one run. */
export function takeOverCommand(id: string): string {
  return `\`${takeOverVariable}=${id} pulumi up\``;
}
