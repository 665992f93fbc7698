import type { Step } from "./types";
import { isNotYetKnown, isSecret } from "./values";

const placeArguments = [
  ["spaceIds", "space"],
  ["acsEntranceIds", "entrance"],
  ["deviceIds", "device"],
] as const;

/** The places that a new grant is for, as far as the preview shows them. */
export interface WantedPlaces {
  places: { kind: "space" | "entrance" | "device"; id: string }[];
  /** How many places have ids that are known only at the apply. */
  unknown: number;
  /** The names that the program's own lookups returned. */
  doors: string[];
  /** Whether every place has a name in `doors`. */
  areNamed: boolean;
}

export function wantedPlaces({ new: inputs }: Step): WantedPlaces {
  const places: WantedPlaces["places"] = [];
  let unknown = 0;
  for (const [name, kind] of placeArguments) {
    const given = inputs[name];
    if (given === undefined) continue;
    for (const id of Array.isArray(given) ? textsIn(given) : [undefined]) {
      if (id === undefined) unknown += 1;
      else places.push({ kind, id });
    }
  }
  const doors = Array.isArray(inputs.doors) ? textsIn(inputs.doors).filter((one) => one !== undefined) : [];
  return { places, unknown, doors, areNamed: doors.length > 0 && doors.length >= places.length + unknown };
}

/** The texts of a list, with undefined for each value that the preview does not show. */
function textsIn(values: readonly unknown[]): (string | undefined)[] {
  return values.map((value) =>
    typeof value === "string" && !isSecret(value) && !isNotYetKnown(value) ? value : undefined,
  );
}
