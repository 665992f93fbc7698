import type { Step } from "./previewSteps";

/** What becomes of something in Seam when its resource is deleted or replaced. */
export type Fate = "tornDown" | "retained" | "gone" | "unlinked" | "withIdentity";

/** The fate of what a step deletes, as far as the preview tells. */
export function fateOf(step: Step, steps: readonly Step[]): Fate {
  if (step.resource !== "AcsUserLink") return keeps(step) ? "retained" : "tornDown";
  if (step.retained) return "retained";
  if (step.does !== "delete") return "unlinked";
  const identity = steps.find((one) => one.does === "delete" && one.urn === step.deletedWith);
  if (identity === undefined) return "unlinked";
  // Pulumi does nothing for a link whose identity is deleted, whatever the deletion does.
  return keeps(identity) ? "retained" : "withIdentity";
}

function keeps(step: Step): boolean {
  if (step.retained) return true;
  const policy = step.old.deletionPolicy ?? (step.old.adopted === true ? "retain" : "teardown");
  return step.resource === "UserIdentity" && policy === "retain";
}
