import { SeamDeadlineError } from "../seam/errors";
import { MergedUserIdentityError, WrongWorkspaceError } from "../seam/observe";
import { redact } from "../seam/redaction";
import { causesOf } from "./allSettled";
import type { Dependent } from "./dependent";
import { kindNames, type ListedKind, ownerNames } from "./graph";

/** The teardown stopped before everything was gone. The message lists what is left; the next run continues from there. */
export class TeardownError extends Error {
  /** The dependents that still existed when it stopped. */
  readonly left: readonly Dependent[];

  constructor(message: string, left: readonly Dependent[]) {
    super(redact(message));
    this.name = new.target.name;
    this.left = left;
  }
}

/** The teardown did not finish within its time limit. */
export class TeardownTimeoutError extends TeardownError {
  constructor(
    readonly seconds: number,
    left: readonly Dependent[],
    /** Further details, as complete sentences. */
    details = "",
    /** The subject of the teardown, named where nothing else is left. */
    subject = "what was to be deleted itself",
  ) {
    const what = left.length === 0 ? subject : left.map(describe).join("; ");
    super(
      `after ${seconds} s still there: ${what}. ${details}Deletions that were requested continue in Seam; run the same command again to continue, or raise teardown.timeoutSeconds`,
      left,
    );
  }
}

/** The access control system refused a deletion; waiting longer would not help. */
export class DeletionRefusedError extends TeardownError {
  constructor(left: readonly Dependent[], details = "") {
    super(
      `the access control system did not delete ${left.map(describe).join("; ")}. ${details}Fix what prevents it in that system (or delete the object there), then run the same command again`,
      left,
    );
  }
}

/** One or several parts of a teardown failed. Everything that did not depend on them was done nevertheless. */
export class IncompleteTeardownError extends TeardownError {
  constructor(
    /** The errors of the parts that failed. */
    readonly causes: readonly unknown[],
    left: readonly Dependent[],
    details: string,
  ) {
    const messages = new Set(causes.map((cause) => (cause instanceof Error ? cause.message : String(cause))));
    const rest = left.length === 0 ? "" : `Still there: ${left.map(describe).join("; ")}. `;
    super(
      `${[...messages].join("; ")}. ${details}${rest}Everything that does not depend on this was done; run the same command again for the rest`,
      left,
    );
  }
}

/** Seam does not delete the identity while it has access grants, and the program retains them. */
export class RetainedGrantsError extends TeardownError {
  constructor(refusal: Error, grants: readonly Dependent[]) {
    super(
      `${refusal.message}. The access grants ${grants.map(({ id }) => id).join(", ")} are kept because of accessGrants: "retain", and this workspace does not delete a user identity that has any. Delete them in Seam, or leave accessGrants at its default, then run the same command again`,
      grants,
    );
  }
}

/** A listing showed objects of other owners than the requested one, so nothing that it shows may be deleted. */
export class ForeignDependentsError extends Error {
  constructor(
    /** The route of the listing that cannot be trusted. */
    readonly route: string,
    readonly kind: ListedKind,
    /** Whether the teardown had changed anything before that. */
    readonly changed = false,
  ) {
    const state = changed
      ? "Nothing that this listing showed was deleted, and the teardown stopped; changes that it made before were to objects that are shown to belong to this one"
      : "Nothing was changed";
    super(
      `Seam listed the ${kindNames[kind]}s of one ${ownerNames[kind]}, and ${route} showed those of others as well. ${state}. Check whether a proxy or gateway between here and Seam (seam:endpoint, SEAM_ENDPOINT) drops parts of requests, then run the same command again; if it stays like this, report the route to Seam's support`,
    );
    this.name = "ForeignDependentsError";
  }
}

/** Whether an error stops the whole teardown, including the parts that do not depend on what failed. */
export function stopsEverything(error: unknown): error is Error {
  return (
    error instanceof ForeignDependentsError ||
    error instanceof MergedUserIdentityError ||
    error instanceof WrongWorkspaceError
  );
}

/** The status of a teardown when it fails. */
export interface TeardownStatus {
  /** The subject of the teardown, as in "user identity …". */
  subject: string;
  /** The dependents that are known to exist still. */
  left: readonly Dependent[];
  /** Further details, as complete sentences, each with a space after it. */
  details: string;
  /** The time limit. */
  seconds: number;
}

/** Combines the failures of a teardown into one error. */
export function teardownFailure(error: unknown, status: TeardownStatus): unknown {
  const { subject, left, details, seconds } = status;
  const causes = causesOf(error);
  const decisive = causes.find(stopsEverything);
  if (decisive !== undefined) return decisive;
  const named = causes.flatMap((cause) => (cause instanceof TeardownError ? cause.left : []));
  if (causes.every((cause) => cause instanceof TeardownTimeoutError || cause instanceof SeamDeadlineError)) {
    return new TeardownTimeoutError(seconds, named.length > 0 ? unique(named) : left, details, subject);
  }
  if (causes.every((cause) => cause instanceof DeletionRefusedError)) {
    return new DeletionRefusedError(unique(named), details);
  }
  return new IncompleteTeardownError(causes, unique([...named, ...left]), details);
}

function unique(left: readonly Dependent[]): Dependent[] {
  return [...new Map(left.map((one) => [one.id, one])).values()];
}

function describe(left: Dependent): string {
  const state = left.beingDeleted ? "being deleted" : "not being deleted";
  const problems = left.problems.length === 0 ? "" : `, ${left.problems.join(", ")}`;
  return `${kindNames[left.kind]} ${left.id} (${state}${problems})`;
}
