import { isDeepStrictEqual } from "node:util";
import { attributeNames } from "../../provider/resources/userIdentityAttributes";
import type { Step } from "./previewSteps";
import { isSecret } from "./previewValues";

/** One argument before and after. */
export interface FieldChange {
  name: string;
  from: unknown;
  to: unknown;
}

const fields: Readonly<Record<Step["resource"], readonly string[]>> = {
  UserIdentity: [...attributeNames, "defaultKey", "adopt", "deletionPolicy", "teardown"],
  AcsUser: [
    "acsSystemId",
    "fullName",
    "emailAddress",
    "phoneNumber",
    "accessSchedule",
    "suspended",
    "teardown",
  ],
  AcsUserLink: ["userIdentityId", "acsUserId"],
};

/** What an update or replacement changes; of two secrets nobody can tell, so they are listed. */
export function changedFields(step: Step): FieldChange[] {
  return fields[step.resource].flatMap((name) => {
    const [from, to] = [step.old[name], step.new[name]];
    return isDeepStrictEqual(from, to) && !isSecret(from) ? [] : [{ name, from, to }];
  });
}
