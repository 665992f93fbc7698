import { SeamUnreadableAnswerError } from "./errors";

/** One page of a listing. */
export interface Page<T> {
  items: T[];
  /** Where the next page starts; undefined after the last one. */
  next: string | undefined;
}

/** How many items are asked for at a time; the most that Seam takes. */
export const pageSize = 500;
/** The most items that one page may show. */
export const mostItems = 20 * pageSize;
/** The most pages that one listing may have: five million objects. */
const mostPages = 10_000;
/** The most pages in a row that may show nothing and promise more. */
const mostEmptyPages = 100;

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
    const answer = await page(next);
    // Not spread: a page can have more items than a call may have arguments.
    for (const item of answer.items) all.push(item);
    next = answer.next;
    emptyPages = answer.items.length === 0 ? emptyPages + 1 : 0;
    if (next === undefined) return all;
    if (seen.has(next)) throw endless(route, "a cursor is repeated, so the listing would never end");
    if (emptyPages > mostEmptyPages) throw endless(route, `more than ${mostEmptyPages} empty pages in a row`);
    seen.add(next);
  } while (seen.size < mostPages);
  throw endless(route, `more than ${mostPages} pages`);
}

function endless(route: string, reason: string): SeamUnreadableAnswerError {
  return new SeamUnreadableAnswerError({ route, status: undefined, requestId: undefined, reason });
}
