import type { CheckFailure } from "./lifecycle";
import type { Properties } from "./properties";
import type { DeletionPolicy } from "./retention";
import { memberLists } from "./spaceMembers";
import {
  canonicalIds,
  checkInputs,
  given,
  isBoolean,
  isListOf,
  isOneOf,
  isSeamId,
  isText,
  type Rule,
} from "./validation";

/** The checked arguments of a space. Ids are in lower case, lists of them sorted. */
export type SpaceInputs = {
  name: string;
  /** The key that is given, or the derived one. */
  spaceKey?: string | undefined;
  acsEntranceIds?: string[] | undefined;
  deviceIds?: string[] | undefined;
  adopt?: boolean | undefined;
  deletionPolicy?: DeletionPolicy | undefined;
  /** The key derived for this resource, if it is the one in use. */
  defaultSpaceKey?: string | undefined;
};

/** The outputs of a space, as recorded in the state. */
export type SpaceOutputs = SpaceInputs & {
  spaceId: string;
  displayName: string;
  createdAt: string;
  workspaceId: string;
  /** Whether it existed before the resource and was adopted. */
  adopted?: true;
};

/** Passes the derived key to `check`, which decides whether an earlier one must be kept. */
export const defaultSpaceKeyProperty = "defaultSpaceKey";

/** The arguments that control operations and are not attributes in Seam. */
export const settings = ["adopt", "deletionPolicy", defaultSpaceKeyProperty] as const;

const rules: Readonly<Record<string, Rule>> = {
  name: isText,
  spaceKey: isText,
  acsEntranceIds: isListOf(isSeamId),
  deviceIds: isListOf(isSeamId),
  adopt: isBoolean,
  deletionPolicy: isOneOf("teardown", "retain"),
};

/** Checks the arguments and normalizes ids. Failures never quote a value. */
export function checkSpace(
  olds: Properties,
  news: Properties,
): { inputs: Record<string, unknown>; failures: CheckFailure[] } {
  const { [defaultSpaceKeyProperty]: derivedKey, ...inputs } = given(news);
  const failures = checkInputs(inputs, rules);
  const before = given(olds);
  if (inputs.name === undefined) failures.push({ property: "name", reason: "is missing" });
  for (const list of memberLists) {
    if (inputs[list] !== undefined) inputs[list] = canonicalIds(inputs[list]);
  }
  const derivedBefore = before[defaultSpaceKeyProperty];
  // A space without a key keeps none: it was imported, and a key cannot be set later.
  const keepsNone = Object.keys(before).length > 0 && before.spaceKey === undefined;
  if (inputs.spaceKey === undefined && inputs.adopt === true && !keepsNone) {
    failures.push({ property: "spaceKey", reason: "is needed with adopt: it identifies the space" });
  } else if (inputs.spaceKey === undefined && derivedKey !== undefined && !keepsNone) {
    inputs.spaceKey = derivedBefore ?? derivedKey;
    inputs[defaultSpaceKeyProperty] = inputs.spaceKey;
  } else if (inputs.spaceKey !== undefined && inputs.spaceKey === derivedBefore) {
    // With ignoreChanges, the derived key is passed as if the program had given it.
    inputs[defaultSpaceKeyProperty] = inputs.spaceKey;
  }
  return { inputs, failures };
}
