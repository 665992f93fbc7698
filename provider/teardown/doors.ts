import type { SeamClient } from "../seam/client";
import type { Dependent } from "./dependent";
import { type DependentKind, kindNames } from "./graph";

/** The kinds that open doors: credentials do so through their ACS user. */
const doorKinds: readonly DependentKind[] = ["acsUser", "accessGrant"];

/** The dependents that may still open a door while a teardown runs, and the suspensions that close doors at once. */
export class Doors {
  private readonly open = new Map<string, Dependent>();
  private readonly unlisted: Set<DependentKind>;
  private readonly suspensions = new Map<string, Promise<boolean>>();
  private readonly suspendedHere = new Set<string>();
  private hadAny = false;
  private reported = false;

  /**
   * @param kinds The kinds that the teardown lists. Until a kind has been listed, its doors count as possibly open.
   * @param onClosed Called once, as soon as nothing opens a door anymore.
   */
  constructor(
    private readonly client: SeamClient,
    kinds: readonly DependentKind[],
    private readonly onClosed: () => void,
  ) {
    this.unlisted = new Set(doorKinds.filter((kind) => kinds.includes(kind)));
  }

  /** Records the dependents of one kind that a listing showed and that will be deleted. */
  addListed(kind: DependentKind, found: readonly Dependent[]): void {
    if (!doorKinds.includes(kind)) return;
    this.unlisted.delete(kind);
    for (const one of found) this.open.set(one.id, one);
    this.hadAny ||= found.length > 0;
    this.reportOnceClosed();
  }

  /** Records that a dependent opens no door anymore. */
  close(id: string): void {
    if (this.open.delete(id)) this.reportOnceClosed();
  }

  /**
   * Suspends an ACS user that will be deleted. Not every system can do that. A failure does not fail the teardown, because the
   * credentials are deleted next.
   */
  async suspend(user: Dependent): Promise<void> {
    const suspension =
      user.suspended === true
        ? Promise.resolve(true)
        : this.client.suspendAcsUser(user.id, true).then(
            () => {
              this.suspendedHere.add(user.id);
              return true;
            },
            () => false,
          );
    this.suspensions.set(user.id, suspension);
    if (await suspension) this.close(user.id);
  }

  /** Resolves with whether an ACS user is suspended, once that is known. */
  async isSuspended(acsUserId: string): Promise<boolean> {
    return (await this.suspensions.get(acsUserId)) ?? false;
  }

  /** Ends the suspension of an ACS user that belongs to somebody else by now, if this teardown suspended it. */
  async leaveAlone(acsUserId: string): Promise<void> {
    await this.suspensions.get(acsUserId);
    this.close(acsUserId);
    if (!this.suspendedHere.delete(acsUserId)) return;
    await this.client.suspendAcsUser(acsUserId, false);
  }

  /** The ACS users that this teardown suspended. */
  get suspended(): readonly string[] {
    return [...this.suspendedHere];
  }

  /** Describes what is open now, in complete sentences, for an error. */
  describe(): string {
    const unknown = [...this.unlisted].map((kind) => `${kindNames[kind]}s`).join(" and ");
    const open = [...this.open.values()].map(({ kind, id }) => `${kindNames[kind]} ${id}`).join(", ");
    const sentences = [
      unknown === "" ? "" : `Whether any ${unknown} still open doors is not known. `,
      open === "" ? "" : `These may still open doors: ${open}. `,
    ].join("");
    if (sentences !== "" || !this.hadAny) return sentences;
    return "No door is left open: the ACS users are suspended or have no credentials, and no access grant is left that is not being deleted. ";
  }

  private reportOnceClosed(): void {
    if (this.reported || this.unlisted.size > 0 || this.open.size > 0) return;
    this.reported = true;
    this.onClosed();
  }
}
