import { beforeDeadline } from "./deadline";
import type { Page } from "./page";
import { SharedCall } from "./sharedCall";

/** The functions that a {@link SharedListing} needs for the objects that it lists. */
export interface ListedObjects<T> {
  idOf(item: T): string;
  /** When this process last changed the object, on `performance.now`'s clock. */
  changedAt(id: string): number | undefined;
}

/** The calls of one reader, which fail after its deadline. */
export interface ListingSource<T> {
  /** Reads a page of all objects of the workspace; `next` is the cursor that the previous page returned. */
  page(next: string | undefined): Promise<Page<T>>;
  /** Reads one object; fails after the deadline. */
  find(id: string): Promise<T | undefined>;
  /** On `performance.now`'s clock. */
  readonly deadline: number;
}

/** The number of objects that are read one by one before a listing starts: most stacks are small. */
const readAtFirst = 10;
/** How long a result may be reused, in milliseconds. */
const maxAge = 60_000;

/**
 * Serves concurrent reads from listings that they share, and reads single objects where that is cheaper.
 *
 * It is unknown which objects a process will read, and where they are in a workspace that may hold a hundred times as many.
 * Therefore the number of pages is limited by the number of different objects that were read, singly or from a page. That costs
 * at most twice as much as the cheaper of the two ways.
 *
 * A result is never older than `maxAge`, nor than this process's own last change of the object, nor than the process, which
 * serves one Pulumi operation. An object that no page shows is read singly.
 *
 * Each reader waits until its own deadline. When a call ends at the deadline of the reader that sent it, readers that waited
 * for it and have time left send their own.
 */
export class SharedListing<T> {
  private readonly shown = new Map<string, { item: T; requestedAt: number }>();
  private readonly finding = new Map<string, SharedCall<T | undefined>>();
  private readonly objectsRead = new Set<string>();
  private pages = 0;
  private next: string | undefined;
  private complete = false;
  private startedAt = Number.NEGATIVE_INFINITY;
  private loading: Promise<void> | undefined;

  constructor(private readonly objects: ListedObjects<T>) {}

  async read(id: string, source: ListingSource<T>): Promise<T | undefined> {
    while (performance.now() < source.deadline) {
      const known = this.shown.get(id);
      if (known !== undefined && this.isFresh(id, known.requestedAt)) {
        this.objectsRead.add(id);
        return known.item;
      }
      const found = this.finding.get(id);
      if (found !== undefined && this.isFresh(id, found.startedAt)) {
        const joined = await found.join(source.deadline);
        if (joined !== undefined) return joined.value;
        continue;
      }
      if (this.loading === undefined && !this.pageIsWorthwhile()) {
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
    const requestedAt = performance.now();
    const result = source.find(id).then((item) => {
      if (item !== undefined) this.shown.set(id, { item, requestedAt });
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

  private isFresh(id: string, requestedAt: number): boolean {
    const changed = this.objects.changedAt(id);
    return !tooOld(requestedAt) && (changed === undefined || changed < requestedAt);
  }

  private pageIsWorthwhile(): boolean {
    if (this.objectsRead.size < readAtFirst) return false;
    if (this.complete && !tooOld(this.startedAt)) return false;
    return this.pages < this.objectsRead.size;
  }

  private async load(source: ListingSource<T>): Promise<void> {
    const requestedAt = performance.now();
    if (this.complete || tooOld(this.startedAt)) {
      this.shown.clear();
      this.next = undefined;
      this.complete = false;
      this.startedAt = requestedAt;
    }
    this.pages += 1;
    try {
      const page = await source.page(this.next);
      for (const item of page.items) this.shown.set(this.objects.idOf(item), { item, requestedAt });
      this.next = page.next;
      this.complete = page.next === undefined;
    } catch {
      // If the reader's deadline cut the page off, another reader may continue. Otherwise reading objects singly still works,
      // or fails with an error that names the object.
      this.complete = performance.now() < source.deadline;
    }
  }
}

function tooOld(time: number): boolean {
  return performance.now() - time > maxAge;
}
