import type { Step } from "./previewSteps";

/** A name as messages show it: on one line, in backticks. */
export function quoted(name: string): string {
  return `\`${oneLine(name).replaceAll("`", "'")}\``;
}

/** Names may hold line breaks and control characters, and a report must keep its shape. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ");
}

/** The option that tells Pulumi that a resource is an old one under a new name. */
export function aliasOption(step: Step, old: Step): string {
  const place = (urn: string): string => urn.split("::").slice(0, 3).join("::");
  // What has moved under another parent has another URN than the name alone tells.
  const alias =
    place(step.urn) === place(old.urn) ? `{ name: ${JSON.stringify(old.name)} }` : JSON.stringify(old.urn);
  return quoted(`aliases: [${alias}]`);
}
