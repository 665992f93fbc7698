import { allEnded, together } from "./allSettled";
import { type Precondition, type TeardownGraph, type TeardownStep, teardownSteps } from "./graph";

/** What is changed together: everything of a step, or what belongs to one ACS user. */
export interface Group {
  step: TeardownStep;
  acsUserId?: string;
}

/** What is done with groups. */
export interface Work<G extends Group> {
  /** What there is to do in a step. Called once for each step; may take its time, and may fail. */
  groups(step: TeardownStep): Promise<readonly G[]>;
  /** Makes the change; resolves when Seam has accepted it. Called at most once for each group. */
  ask(group: G): Promise<void>;
  /**
   * Waits until these are gone, before `next` is requested. Called once for each set of groups that something waits for; with
   * none, where there was nothing to wait for.
   */
  confirm(groups: readonly G[], next: G): Promise<void>;
  /** Whether a group is requested although what it has to wait for has failed, where the graph permits it. */
  mayPassOver(group: G): Promise<boolean>;
}

/**
 * Requests each group as soon as its preconditions hold, and resolves when all have been requested. A failure stops what waits
 * for it and nothing else; what waits for several things still has those confirmed that have not failed.
 *
 * @throws what has failed, once everything has ended
 */
export async function walk<G extends Group>(graph: TeardownGraph, work: Work<G>): Promise<void> {
  const found = new Map<TeardownStep, Promise<readonly G[]>>();
  const asked = new Map<G, Promise<void>>();
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

  /** Answers the groups that have to be confirmed gone. */
  const meet = async (condition: Precondition, next: G, failures: unknown[]): Promise<G[]> => {
    const accepted: G[] = [];
    const missed: unknown[] = [];
    try {
      const others = (await groups(condition.step)).filter(
        (other) => condition.of === "identity" || other.acsUserId === next.acsUserId,
      );
      await allEnded(others.map((other) => ask(other).then(() => accepted.push(other))));
    } catch (error) {
      missed.push(error);
    }
    const passedOver =
      missed.length > 0 && condition.yieldsToDoors === true && (await work.mayPassOver(next));
    if (!passedOver) failures.push(...missed);
    return condition.until === "gone" ? accepted : [];
  };

  const ask = (group: G): Promise<void> =>
    once(asked, group, async () => {
      const failures: unknown[] = [];
      const met = await allEnded(graph[group.step].map((condition) => meet(condition, group, failures)));
      const toConfirm = met.flat();
      if (toConfirm.length > 0 || graph[group.step].some(({ until }) => until === "gone")) {
        await confirm(toConfirm, group).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw together(failures);
      await work.ask(group);
    });

  await allEnded(teardownSteps.map(async (step) => allEnded((await groups(step)).map(ask))));
}

function once<K, V>(done: Map<K, Promise<V>>, key: K, run: () => Promise<V>): Promise<V> {
  const promise = done.get(key) ?? run();
  done.set(key, promise);
  return promise;
}
