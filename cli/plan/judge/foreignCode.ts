import { providerText } from "../../../provider/dynamic/stateReference";
import { problem } from "../finding";
import type { ResourceKind, Step } from "../forecast/types";
import { withFindings } from "./judgement";
import type { Judgement } from "./types";

const exported = {
  UserIdentity: "userIdentity",
  AcsUserLink: "acsUserLink",
  AcsUser: "acsUser",
  AccessGrant: "accessGrant",
  Space: "space",
  AcsAccessGroupMembership: "acsAccessGroupMembership",
} as const satisfies Readonly<Record<ResourceKind, string>>;

/** Whether a step runs other code than this package's: a dynamic resource runs any code in its property `__provider`. */
export function runsForeignCode({ resource, code }: Step): boolean {
  const own = providerText(exported[resource]);
  return [code.old, code.new].some((text) => text !== undefined && text !== own);
}

export function refuseForeignCode(judgements: readonly Judgement[]): Judgement[] {
  return judgements.map((judgement) =>
    runsForeignCode(judgement.step)
      ? withFindings(judgement, [problem(foreignCode(judgement.step))])
      : judgement,
  );
}

export function foreignCode({ resource }: Step): string {
  return `it has the type of a resource of pulumi-seam and runs other code than pulumi-seam's, which gets the API key: review where the program has its ${resource} from`;
}
