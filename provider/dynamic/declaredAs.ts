import * as pulumi from "@pulumi/pulumi";
import { nameOf } from "../resources/declarations";
import type { CheckFailure } from "../resources/lifecycle";
import { type Properties, text, unknownValue } from "../resources/properties";
import { isProperties } from "../resources/validation";

/**
 * What a class knew when it declared a resource. It is sent to `check` with the arguments and is stored in no state. It lets
 * messages name a resource, and lets `check` detect what a transformation changed afterwards.
 */
export interface DeclaredAs {
  /** `pulumi:<stack>:<project>:[<parent types>$]<name>`. */
  path: pulumi.Input<string>;
  /** For a link or grant without its own step, because its identity is torn down: the path of that identity. */
  deletedWith?: pulumi.Input<string> | undefined;
  /** For a link: the ids that the arguments resolved to. */
  userIdentityId?: pulumi.Input<string> | undefined;
  acsUserId?: pulumi.Input<string> | undefined;
  /** For a grant that requests no code, so that its requests are not secret in the state. */
  withoutCode?: true | undefined;
}

export const declaredAsProperty = "declaredAs";

/** Returns `pulumi:<stack>:<project>:[<parent types>$]<name>`, which is as unique as the resource's URN. */
export function pathOf(name: string, type: string, opts: pulumi.CustomResourceOptions): Promise<string> {
  const urn = pulumi.createUrn(name, type, opts.parent);
  // A promise rather than the output, which depends on the parent and therefore on all its children, including this one.
  return new Promise((resolve) => {
    urn.apply((known) => resolve(known.replace(/^urn:/, "").replaceAll("::", ":").replace(`${type}:`, "")));
  });
}

/** Returns the path of a resource from what its class sent; undefined if a class of an older version, or no class, declared it. */
export function declaredPath(declaredAs: unknown): string | undefined {
  const path = isProperties(declaredAs) ? text(declaredAs.path) : undefined;
  return path === unknownValue ? undefined : path;
}

/**
 * Reports arguments that a transformation changed after the class had made decisions based on them.
 *
 * @param identityAt The checked arguments of the identity with a path, if this operation has checked it.
 */
export function changedByTransformation(
  declaredAs: unknown,
  inputs: Properties,
  identityAt: (path: string) => Properties | undefined,
): CheckFailure[] {
  if (!isProperties(declaredAs)) return [];
  const instead = "Give it in the arguments of the resource instead";
  const deletedWith = text(declaredAs.deletedWith);
  const identity = deletedWith === undefined ? undefined : identityAt(deletedWith);
  const kept = identity === undefined ? undefined : argumentKeeping(identity, inputs);
  if (kept !== undefined) {
    return [
      {
        reason: `the ${kept} of its UserIdentity "${nameOf(deletedWith ?? "")}" was changed by a transformation, after it was decided that this resource is deleted with the identity. ${instead}`,
      },
    ];
  }
  if (declaredAs.withoutCode === true && requestsCode(inputs.requestedAccessMethods)) {
    return [
      {
        property: "requestedAccessMethods",
        reason: `is not what the resource was declared with: a transformation added a code after it was decided that nothing of this is secret, so it would be in the state in plain text. ${instead}`,
      },
    ];
  }
  return (["userIdentityId", "acsUserId"] as const).flatMap((name) => {
    const [decided, sent] = [text(declaredAs[name]), text(inputs[name])];
    if (decided === undefined || decided === unknownValue || sent === unknownValue) return [];
    if (decided.toLowerCase() === sent?.toLowerCase()) return [];
    const reason = `is not the one that the resource was declared with: a transformation changed it, or it was computed from another resource than the one it names. ${instead}`;
    return [{ property: name, reason }];
  });
}

function requestsCode(requests: unknown): boolean {
  if (!Array.isArray(requests)) return false;
  const items: readonly unknown[] = requests;
  return items.some((one) => isProperties(one) && one.code !== undefined);
}

/** Returns the argument because of which an identity may stay in Seam, if there is one. */
function argumentKeeping(
  { deletionPolicy, adopt, teardown }: Properties,
  dependent: Properties,
): string | undefined {
  const isGrant = dependent.requestedAccessMethods !== undefined;
  if (isGrant && isProperties(teardown) && (teardown.accessGrants ?? "delete") !== "delete") {
    return "teardown.accessGrants";
  }
  if (deletionPolicy !== undefined) return deletionPolicy === "teardown" ? undefined : "deletionPolicy";
  return adopt === undefined || adopt === false ? undefined : "adopt";
}
