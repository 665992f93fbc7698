import { AmbiguousLookupError } from "../seam/lookup";

/** The functions with which one kind of place is found. */
export interface PlaceLookup<Found> {
  /** As in "more than one space has this name". */
  noun: string;
  /** The argument for its id. */
  idArgument: string;
  byId: (id: string) => Promise<Found | undefined>;
  /** Lists candidates for the name, which are then compared. */
  byName: (name: string) => Promise<readonly Found[]>;
  idOf: (found: Found) => string;
  namesOf: (found: Found) => readonly string[];
}

/**
 * Finds the one place that has this id, or exactly this name.
 *
 * @throws AmbiguousLookupError that lists the ids if several have the name; Error if Seam answers with another object
 */
export async function findByIdOrName<Found>(
  { id, name }: { id: string | undefined; name: string | undefined },
  { noun, idArgument, byId, byName, idOf, namesOf }: PlaceLookup<Found>,
): Promise<Found | undefined> {
  if (id !== undefined) {
    const found = await byId(id);
    if (found !== undefined && idOf(found).toLowerCase() !== id.toLowerCase()) {
      throw new Error(`Seam answered with another ${noun}, ${idOf(found)}`);
    }
    return found;
  }
  const wanted = name ?? "";
  const named = (await byName(wanted)).filter((one) => namesOf(one).includes(wanted));
  const found = [...new Map(named.map((one) => [idOf(one), one])).values()];
  if (found.length > 1) {
    const ids = found.map(idOf);
    throw new AmbiguousLookupError(
      `more than one ${noun} has this name: ${ids.join(", ")}. Give the ${idArgument} of one of them`,
      ids,
    );
  }
  return found[0];
}
