/** One page of a listing. */
export interface Page<T> {
  items: T[];
  /** Where the next page starts; undefined after the last one. */
  next: string | undefined;
}

/** Reads a listing to its end. `next` of the first page is undefined. */
export async function allPages<T>(page: (next: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let next: string | undefined;
  do {
    const answer = await page(next);
    all.push(...answer.items);
    next = answer.next;
  } while (next !== undefined);
  return all;
}
