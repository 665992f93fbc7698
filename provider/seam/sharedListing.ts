import type { Page } from "./page";

/** What a {@link SharedListing} stands in for. */
export interface ListedObjects<T> {
  idOf(item: T): string;
  /** One page of all that the workspace has; `next` comes from the page before. */
  page(next: string | undefined): Promise<Page<T>>;
  /** Asks for one object. */
  ask(id: string): Promise<T | undefined>;
  /** When this process last changed the object, on `performance.now`'s clock. */
  changedAt(id: string): number | undefined;
}

/** So many objects are asked for one by one before a listing is begun: most stacks are small. */
const askedAtFirst = 10;
/** How long what an answer showed may be answered again, in milliseconds. */
const longestAge = 60_000;

/**
 * Answers reads that come together from listings that they share, and asks for single objects where that is cheaper.
 *
 * Which objects a process will read cannot be known, nor where they stand in a workspace that may hold a hundred times
 * as many. So pages are paid for by the objects: there is never more than one page to an object that was asked for itself or
 * was answered by a page, however often it is read. That is at most twice what the better of the two would cost.
 *
 * What is answered is never older than `longestAge`, nor than this process's own last change of it, and no answer is older than
 * its process, which serves one operation of Pulumi's. What no page shows is asked for.
 */
export class SharedListing<T> {
  private readonly shown = new Map<string, { item: T; askedAt: number }>();
  private readonly asking = new Map<string, { answer: Promise<T | undefined>; askedAt: number }>();
  private readonly objectsRead = new Set<string>();
  private pages = 0;
  private next: string | undefined;
  private complete = false;
  private begunAt = Number.NEGATIVE_INFINITY;
  private loading: Promise<void> | undefined;

  constructor(private readonly objects: ListedObjects<T>) {}

  async read(id: string): Promise<T | undefined> {
    for (;;) {
      const known = this.shown.get(id);
      if (known !== undefined && this.isFresh(id, known.askedAt)) {
        this.objectsRead.add(id);
        return known.item;
      }
      const asked = this.asking.get(id);
      if (asked !== undefined && this.isFresh(id, asked.askedAt)) return asked.answer;
      if (this.loading === undefined && !this.pays()) break;
      this.loading ??= this.load().finally(() => {
        this.loading = undefined;
      });
      await this.loading;
    }
    this.objectsRead.add(id);
    return this.ask(id);
  }

  private ask(id: string): Promise<T | undefined> {
    const askedAt = performance.now();
    const answer = this.objects.ask(id).then((item) => {
      if (item !== undefined) this.shown.set(id, { item, askedAt });
      return item;
    });
    const entry = { answer, askedAt };
    this.asking.set(id, entry);
    const end = (): void => {
      if (this.asking.get(id) === entry) this.asking.delete(id);
    };
    answer.then(end, end);
    return answer;
  }

  private isFresh(id: string, askedAt: number): boolean {
    const changed = this.objects.changedAt(id);
    return !tooOld(askedAt) && (changed === undefined || changed < askedAt);
  }

  private pays(): boolean {
    if (this.objectsRead.size < askedAtFirst) return false;
    if (this.complete && !tooOld(this.begunAt)) return false;
    return this.pages < this.objectsRead.size;
  }

  private async load(): Promise<void> {
    const askedAt = performance.now();
    if (this.complete || tooOld(this.begunAt)) {
      this.shown.clear();
      this.next = undefined;
      this.complete = false;
      this.begunAt = askedAt;
    }
    this.pages += 1;
    try {
      const page = await this.objects.page(this.next);
      for (const item of page.items) this.shown.set(this.objects.idOf(item), { item, askedAt });
      this.next = page.next;
      this.complete = page.next === undefined;
    } catch {
      // Asking for each object still works, or fails with an error that names the object.
      this.complete = true;
    }
  }
}

function tooOld(time: number): boolean {
  return performance.now() - time > longestAge;
}
