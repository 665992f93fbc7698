import { observeAcsUser } from "../seam/observe";
import type { SeamClient } from "../seam/client";
import { SeamDeadlineError, SeamRejectedError } from "../seam/errors";
import { allEnded } from "./allSettled";
import type { DeletionWatcher } from "./deletionWatcher";
import { TeardownTimeoutError } from "./errors";
import { acsUserDependent, type Dependent, listCredentials } from "./inventory";
import { defaultTimeoutSeconds, lastLook, type TeardownEvent } from "./teardown";

/** One teardown of an ACS user that no identity's teardown takes away. */
export interface AcsUserTeardownOptions {
  client: SeamClient;
  watcher: DeletionWatcher;
  acsUserId: string;
  /** The workspace that it was made in; a key for another one is an error. */
  workspaceId?: string | undefined;
  /** In seconds. Default 600. */
  timeoutSeconds?: number | undefined;
  onEvent?: ((event: TeardownEvent) => void) | undefined;
}

/** How often Seam may refuse the user because of a credential that no listing shows. */
const refusalsAllowed = 5;

/**
 * Takes an ACS user away, its credentials first, and resolves when Seam confirms that all of it is gone. One that is not there
 * is a success.
 *
 * @throws TeardownTimeoutError, DeletionRefusedError, WrongWorkspaceError, SeamError. After any of them, a further call goes on from what is left.
 */
export async function tearDownAcsUser(options: AcsUserTeardownOptions): Promise<void> {
  const timeoutSeconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
  const deadline = performance.now() + timeoutSeconds * 1000;
  const client = options.client.until(deadline + lastLook);
  try {
    await takeAway({ ...options, client }, timeoutSeconds, deadline);
  } catch (error) {
    if (!(error instanceof SeamDeadlineError)) throw error;
    throw new TeardownTimeoutError(timeoutSeconds, []);
  }
}

async function takeAway(
  options: AcsUserTeardownOptions,
  timeoutSeconds: number,
  deadline: number,
): Promise<void> {
  const { client, watcher, acsUserId } = options;
  const startedAt = performance.now();
  const after = (): number => performance.now() - startedAt;

  const ask = async (target: Dependent): Promise<void> => {
    if (target.beingDeleted && !target.deletionFailed) return;
    options.onEvent?.({ type: "deleting", dependent: target, after: after() });
    if (target.kind === "acsCredential") await client.deleteAcsCredential(target.id);
    else await client.deleteAcsUser(target.id);
  };
  const untilGone = async (
    targets: readonly Dependent[],
    list: () => Promise<Dependent[]>,
  ): Promise<Dependent[]> => {
    const newcomers = await watcher.untilGone({
      // Waits are shared by whose teardown they belong to; this one is the user's own.
      userIdentityId: acsUserId,
      targets,
      kinds: [...new Set(targets.map((target) => target.kind))],
      look: list,
      askAgain: ask,
      deadline,
      timeoutSeconds,
    });
    options.onEvent?.({ type: "gone", dependents: targets, after: after() });
    return newcomers;
  };
  const takeCredentialsAway = async (): Promise<void> => {
    const list = (): Promise<Dependent[]> => listCredentials(client, acsUserId);
    let left = await list();
    for (let rounds = 0; left.length > 0; rounds += 1) {
      if (performance.now() >= deadline) throw new TeardownTimeoutError(timeoutSeconds, left);
      if (rounds > 0) await pause(Math.min(50 * 2 ** rounds, 5_000));
      options.onEvent?.({ type: "found", dependents: left, after: after() });
      await allEnded(left.map(ask));
      left = await untilGone(left, list);
    }
  };

  const observe = async (): Promise<Dependent[]> => {
    const user = await observeAcsUser(client, acsUserId, options.workspaceId);
    return user === undefined ? [] : [acsUserDependent(user)];
  };

  let [user] = await observe();
  for (let refusals = 0; user !== undefined; [user] = await observe()) {
    await takeCredentialsAway();
    try {
      await ask(user);
      await untilGone([user], observe);
      return;
    } catch (error) {
      // A credential that was issued after the last listing; it goes in the next round.
      if (!(error instanceof SeamRejectedError) || refusals >= refusalsAllowed) throw error;
      await pause(250 * 2 ** refusals);
      refusals += 1;
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
