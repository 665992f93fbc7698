import { beforeDeadline } from "./deadline";
import type { Page } from "./page";
import { SharedCall } from "./sharedCall";

/** What a {@link SharedListing} knows of the objects that it lists. */
export interface ListedObjects<T> {
  idOf(item: T): string;
  /** When this process last changed the object, on `performance.now`'s clock. */
  changedAt(id: string): number | undefined;
}

/** The calls of one reader, which end at its deadline. */
export interface ListingSource<T> {
  /** One page of all that the workspace has; `next` is the cursor of the page before. */
  page(next: string | undefined): Promise<Page<T>>;
  /** Gets one object; past the deadline it fails. */
  find(id: string): Promise<T | undefined>;
  /** On `performance.now`'s clock. */
  readonly deadline: number;
}

/** So many objects are read one by one before a listing is begun: most stacks are small. */
const readAtFirst = 10;
/** How long what an answer showed may be answered again, in milliseconds. */
const longestAge = 60_000;

/**
 * Answers reads that happen at the same time from listings that they share, and gets single objects where that is cheaper.
 *
 * Which objects a process will read cannot be known, nor where they are in a workspace that may hold a hundred times
 * as many. So pages are paid for by the objects: there is never more than one page to an object that was read by itself or
 * was answered by a page, however often it is read. That is at most twice what the better of the two would cost.
 *
 * What is answered is never older than `longestAge`, nor than this process's own last change of it, and no answer is older than
 * its process, which serves one operation of Pulumi's. What no page shows is read by itself.
 *
 * Each reader waits until its own deadline. When a call ends at the deadline of the reader that made it, those who waited
 * for it and have time left make their own.
 */
export class SharedListing<T> {
  private readonly shown = new Map<string, { item: T; askedAt: number }>();
  private readonly finding = new Map<string, SharedCall<T | undefined>>();
  private readonly objectsRead = new Set<string>();
  private pages = 0;
  private next: string | undefined;
  private complete = false;
  private begunAt = Number.NEGATIVE_INFINITY;
  private loading: Promise<void> | undefined;

  constructor(private readonly objects: ListedObjects<T>) {}

  async read(id: string, source: ListingSource<T>): Promise<T | undefined> {
    while (performance.now() < source.deadline) {
      const known = this.shown.get(id);
      if (known !== undefined && this.isFresh(id, known.askedAt)) {
        this.objectsRead.add(id);
        return known.item;
      }
      const found = this.finding.get(id);
      if (found !== undefined && this.isFresh(id, found.startedAt)) {
        const answer = await found.join(source.deadline);
        if (answer !== undefined) return answer.value;
        continue;
      }
      if (this.loading === undefined && !this.pays()) {
        this.objectsRead.add(id);
        return this.find(id, source);
      }
      this.loading ??= this.load(source).finally(() => {
        this.loading = undefined;
      });
      await beforeDeadline(this.loading, source.deadline);
    }
    return source.find(id);
  }

  private find(id: string, source: ListingSource<T>): Promise<T | undefined> {
    const askedAt = performance.now();
    const result = source.find(id).then((item) => {
      if (item !== undefined) this.shown.set(id, { item, askedAt });
      return item;
    });
    const call = new SharedCall(result, source.deadline);
    this.finding.set(id, call);
    const end = (): void => {
      if (this.finding.get(id) === call) this.finding.delete(id);
    };
    result.then(end, end);
    return result;
  }

  private isFresh(id: string, askedAt: number): boolean {
    const changed = this.objects.changedAt(id);
    return !tooOld(askedAt) && (changed === undefined || changed < askedAt);
  }

  private pays(): boolean {
    if (this.objectsRead.size < readAtFirst) return false;
    if (this.complete && !tooOld(this.begunAt)) return false;
    return this.pages < this.objectsRead.size;
  }

  private async load(source: ListingSource<T>): Promise<void> {
    const askedAt = performance.now();
    if (this.complete || tooOld(this.begunAt)) {
      this.shown.clear();
      this.next = undefined;
      this.complete = false;
      this.begunAt = askedAt;
    }
    this.pages += 1;
    try {
      const page = await source.page(this.next);
      for (const item of page.items) this.shown.set(this.objects.idOf(item), { item, askedAt });
      this.next = page.next;
      this.complete = page.next === undefined;
    } catch {
      // Cut off by the deadline of its reader: another may go on. Otherwise reading each object by itself still works, or
      // fails with an error that names the object.
      this.complete = performance.now() < source.deadline;
    }
  }
}

function tooOld(time: number): boolean {
  return performance.now() - time > longestAge;
}
