import { type Finding, unchecked } from "../finding";

/** A create conflicts with an existing object, and whether it adopts that object is known only at the apply. */
export function adoptionNotKnown(conflict: string): Finding {
  return unchecked(
    `${conflict}, and whether it adopts that one is not known yet: the value of \`adopt\` is known at the apply`,
  );
}
