/**
 * The proof that an object which exists before a create has succeeded belongs to the resource. Only these count:
 *
 * - `namedForThisRun`: a person named its id in SEAM_TAKE_OVER, for this one run.
 * - `derivedKey`: it has the key that was derived for this resource (from stack, project, parents and name) and exactly the
 *   attributes that the program gives, nobody is linked to it, and it is recent. An interrupted run leaves such an object. An
 *   older one can belong to a resource that had the name before, or to another state of the same name.
 * - `lostAnswer`: this process sent the create, the response was lost, and the object appeared after that, with exactly the
 *   same attributes and nobody linked to it.
 *
 * `adopt: true` and an import are statements of a person too, and are handled where they are read. Nothing else is a proof: not
 * the age, not equal attributes, not a key, e-mail address or phone number that the program gives, because another stack,
 * another person's program or the app can give the same.
 */
export type Proof = "namedForThisRun" | "derivedKey" | "lostAnswer";

/** The evidence about an object that conflicts with a create. */
export interface Evidence {
  id: string;
  /** When it was created, by Seam's clock. */
  createdAt: Date;
  /** Seam's clock now. */
  now: Date;
  /** Whether it has exactly the attributes that the program gives. */
  isIdentical: boolean;
  /** Whether anybody is linked to it. */
  linked: boolean;
  beingDeleted: boolean;
  /** Whether its key is the one that was derived for this resource. */
  hasDerivedKey: boolean;
  /** When this process first sent a create whose response was lost, by Seam's clock. */
  lostSince: Date | undefined;
  /** The ids in SEAM_TAKE_OVER. */
  named: ReadonlySet<string>;
}

/** The age up to which an object can be the result of an interrupted run. In milliseconds. */
export const interruptedRunAge = 60 * 60 * 1000;

/** Returns the proof that the object belongs to the resource, or undefined. */
export function proofOfOwnership(evidence: Evidence): Proof | undefined {
  if (evidence.beingDeleted) return undefined;
  if (evidence.named.has(evidence.id)) return "namedForThisRun";
  if (evidence.linked || !evidence.isIdentical) return undefined;
  const age = evidence.now.getTime() - evidence.createdAt.getTime();
  if (evidence.hasDerivedKey && age < interruptedRunAge) return "derivedKey";
  const { lostSince, createdAt } = evidence;
  if (lostSince !== undefined && createdAt.getTime() >= lostSince.getTime()) return "lostAnswer";
  return undefined;
}

/** The name of the environment variable with the ids that a person names for one run. */
export const takeOverVariable = "SEAM_TAKE_OVER";

/** Reads the ids in SEAM_TAKE_OVER: UUIDs, separated by commas or spaces. Anything else matches nothing. */
export function takeOverIds(env: NodeJS.ProcessEnv): ReadonlySet<string> {
  return new Set(
    (env[takeOverVariable] ?? "")
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((id) => id !== ""),
  );
}

/**
 * The ways out of a conflict with an object of this stack: a resource that was renamed, and what an interrupted run left.
 *
 * @param when When the object is to be taken over.
 */
export function ownObjectAdvice(
  id: string,
  when = "If a run of this stack was interrupted and left it",
): string {
  return `If this resource had another name before, give it an alias: { aliases: [{ name: "old" }] }. ${when}, run ${takeOverCommand(id)} once`;
}

/** The command that an error shows for taking over an id in one run. */
export function takeOverCommand(id: string): string {
  return `\`${takeOverVariable}=${id} pulumi up\``;
}
