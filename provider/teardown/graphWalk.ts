import { allEnded, combined } from "./allSettled";
import { type Precondition, type TeardownGraph, type TeardownStep, teardownSteps } from "./graph";

/** The objects that are changed together: everything of a step, or what belongs to one ACS user. */
export interface Group {
  step: TeardownStep;
  acsUserId?: string;
}

/** The operations on groups that a walk calls. */
export interface Work<G extends Group> {
  /** Resolves with the groups of a step. Called once for each step; may be slow, and may fail. */
  groups(step: TeardownStep): Promise<readonly G[]>;
  /** Requests the change and resolves when Seam has accepted it. Called at most once for each group. */
  request(group: G): Promise<void>;
  /**
   * Waits until these groups are gone, before `next` is requested. Called once for each set of groups that something waits for;
   * without groups where there was nothing to wait for.
   */
  confirm(groups: readonly G[], next: G): Promise<void>;
  /** Whether a group is requested although one of its preconditions failed, where the graph permits that. */
  mayIgnoreFailure(group: G): Promise<boolean>;
}

/**
 * Requests each group as soon as its preconditions hold, and resolves when all have been requested. A failure stops only the
 * groups that wait for it. Where a group waits for several others, those that have not failed are still confirmed.
 *
 * @throws the combined failures, once everything has settled
 */
export async function walk<G extends Group>(graph: TeardownGraph, work: Work<G>): Promise<void> {
  const found = new Map<TeardownStep, Promise<readonly G[]>>();
  const requested = new Map<G, Promise<void>>();
  const confirmed = new Map<string, Promise<void>>();
  const numbers = new Map<G, number>();

  const groups = (step: TeardownStep): Promise<readonly G[]> => once(found, step, () => work.groups(step));

  const numberOf = (group: G): number => {
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  };
  const confirm = (waitedFor: readonly G[], next: G): Promise<void> => {
    if (waitedFor.length === 0) return work.confirm(waitedFor, next);
    const set = waitedFor.map(numberOf).sort((one, other) => one - other);
    return once(confirmed, set.join(" "), () => work.confirm(waitedFor, next));
  };

  /** Waits for a precondition and returns the groups that have to be confirmed gone. */
  const satisfy = async (condition: Precondition, next: G, failures: unknown[]): Promise<G[]> => {
    const accepted: G[] = [];
    const unmet: unknown[] = [];
    try {
      const others = (await groups(condition.step)).filter(
        (other) => condition.of === "identity" || other.acsUserId === next.acsUserId,
      );
      await allEnded(others.map((other) => request(other).then(() => accepted.push(other))));
    } catch (error) {
      unmet.push(error);
    }
    const ignored =
      unmet.length > 0 && condition.yieldsToDoors === true && (await work.mayIgnoreFailure(next));
    if (!ignored) failures.push(...unmet);
    return condition.until === "gone" ? accepted : [];
  };

  const request = (group: G): Promise<void> =>
    once(requested, group, async () => {
      const failures: unknown[] = [];
      const accepted = await allEnded(
        graph[group.step].map((condition) => satisfy(condition, group, failures)),
      );
      const toConfirm = accepted.flat();
      if (toConfirm.length > 0 || graph[group.step].some(({ until }) => until === "gone")) {
        await confirm(toConfirm, group).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw combined(failures);
      await work.request(group);
    });

  await allEnded(teardownSteps.map(async (step) => allEnded((await groups(step)).map(request))));
}

function once<K, V>(done: Map<K, Promise<V>>, key: K, run: () => Promise<V>): Promise<V> {
  const promise = done.get(key) ?? run();
  done.set(key, promise);
  return promise;
}
