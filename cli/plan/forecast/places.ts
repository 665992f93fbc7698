import type { Step } from "./types";
import { isNotYetKnown, isSecret } from "./values";

const placeArguments = [
  ["spaceIds", "space"],
  ["acsEntranceIds", "entrance"],
  ["deviceIds", "device"],
] as const;

/** Where a new grant is to be for, as far as the preview shows it. */
export interface WantedPlaces {
  places: { kind: "space" | "entrance" | "device"; id: string }[];
  /** How many places there are whose ids only the apply will know. */
  unknown: number;
  /** The names that the program's own lookups gave. */
  doors: string[];
  /** Whether that is a name for each place. */
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

/** Undefined in place of what the preview does not show. */
function textsIn(values: readonly unknown[]): (string | undefined)[] {
  return values.map((value) =>
    typeof value === "string" && !isSecret(value) && !isNotYetKnown(value) ? value : undefined,
  );
}
