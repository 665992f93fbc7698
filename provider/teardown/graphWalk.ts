import { allEnded } from "./allSettled";
import type { DependentKind, TeardownGraph } from "./graph";

/** What is taken away together: all of a kind, or what belongs to one ACS user. */
export interface Group {
  kind: DependentKind;
  acsUserId?: string;
}

/** What is done with a group. Each is called at most once for each group. */
export interface Steps {
  /** Asks for the deletion of everything in the group. */
  ask(group: Group): Promise<void>;
  /** Waits until all that was asked for is confirmed gone. */
  confirm(group: Group): Promise<void>;
}

/**
 * Asks for each group as soon as all that must go before it is confirmed gone, and resolves when all have been asked for.
 * A group that nothing waits for is not confirmed here. A failure stops what waits for it and nothing else.
 */
export async function walk(graph: TeardownGraph, groups: readonly Group[], steps: Steps): Promise<void> {
  const asked = new Map<Group, Promise<void>>();
  const confirmed = new Map<Group, Promise<void>>();
  const before = (group: Group): Group[] =>
    (graph[group.kind] ?? []).flatMap((condition) =>
      groups.filter(
        (other) =>
          other.kind === condition.kind &&
          (condition.of === "identity" || other.acsUserId === group.acsUserId),
      ),
    );
  const ask = (group: Group): Promise<void> =>
    once(asked, group, async () => {
      await allEnded(before(group).map(confirm));
      await steps.ask(group);
    });
  const confirm = (group: Group): Promise<void> =>
    once(confirmed, group, async () => {
      await ask(group);
      await steps.confirm(group);
    });
  await allEnded(groups.map(ask));
}

function once(done: Map<Group, Promise<void>>, group: Group, run: () => Promise<void>): Promise<void> {
  const promise = done.get(group) ?? run();
  done.set(group, promise);
  return promise;
}
