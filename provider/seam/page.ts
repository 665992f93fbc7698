import { SeamUnreadableAnswerError } from "./errors";

/** One page of a listing. */
export interface Page<T> {
  items: T[];
  /** The cursor of the next page; undefined after the last one. */
  next: string | undefined;
}

/** The number of items to request at a time; the most that Seam allows. */
export const pageSize = 500;
/** The most items that one page may contain. */
export const maxItems = 20 * pageSize;
/** The most pages that one listing may have: five million objects. */
const maxPages = 10_000;
/** The most consecutive pages that may be empty and announce another page. */
const maxEmptyPages = 100;

/**
 * Reads a listing to its end. `next` of the first page is undefined.
 *
 * @throws SeamUnreadableAnswerError if the listing has no end.
 */
export async function allPages<T>(
  route: string,
  page: (next: string | undefined) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  const seen = new Set<string>();
  let emptyPages = 0;
  let next: string | undefined;
  do {
    const response = await page(next);
    // Not spread: a page can have more items than a call may have arguments.
    for (const item of response.items) all.push(item);
    next = response.next;
    emptyPages = response.items.length === 0 ? emptyPages + 1 : 0;
    if (next === undefined) return all;
    if (seen.has(next)) throw endless(route, "a cursor is repeated, so the listing would never end");
    if (emptyPages > maxEmptyPages) throw endless(route, `more than ${maxEmptyPages} empty pages in a row`);
    seen.add(next);
  } while (seen.size < maxPages);
  throw endless(route, `more than ${maxPages} pages`);
}

function endless(route: string, reason: string): SeamUnreadableAnswerError {
  return new SeamUnreadableAnswerError({ route, status: undefined, requestId: undefined, reason });
}
