import { type Finding, unchecked } from "../finding";

/** Something has what a create wants, and only the apply knows whether the create adopts it. */
export function adoptionNotKnown(there: string): Finding {
  return unchecked(
    `${there}, and whether it adopts that one is not known yet: the value of \`adopt\` is known at the apply`,
  );
}
