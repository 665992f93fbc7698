import * as pulumi from "@pulumi/pulumi";
import type { CheckFailure } from "../resources/lifecycle";
import { type Properties, text, unknownValue } from "../resources/properties";
import { isProperties } from "../resources/validation";

/**
 * What a class knew when it declared a resource, for `check` alone: it is sent with the arguments and kept in no state. By it,
 * messages name a resource, and what a transformation changed afterwards is seen.
 */
export interface DeclaredAs {
  /** `pulumi:<stack>:<project>:[<parent types>$]<name>`. */
  path: pulumi.Input<string>;
  /** Of an identity: that its links need no step of their own, because they are deleted with it. */
  tornDown?: boolean;
  /** Of a link: the ids that the arguments stood for. */
  userIdentityId?: pulumi.Input<string> | undefined;
  acsUserId?: pulumi.Input<string> | undefined;
}

export const declaredAsProperty = "declaredAs";

/** `pulumi:<stack>:<project>:[<parent types>$]<name>`: as unique as the resource's URN. */
export function pathOf(name: string, type: string, opts: pulumi.CustomResourceOptions): Promise<string> {
  const urn = pulumi.createUrn(name, type, opts.parent);
  // A promise, not the output: that depends on the parent, which means on all its children, this one among them.
  return new Promise((resolve) => {
    urn.apply((known) => resolve(known.replace(/^urn:/, "").replaceAll("::", ":").replace(`${type}:`, "")));
  });
}

/** The path of a resource, from what its class sent; undefined where a class of an older version, or none, declared it. */
export function declaredPath(declaredAs: unknown): string | undefined {
  const path = isProperties(declaredAs) ? text(declaredAs.path) : undefined;
  return path === unknownValue ? undefined : path;
}

/** What a transformation changed although the class had decided by it already. */
export function changedByTransformation(declaredAs: unknown, inputs: Properties): CheckFailure[] {
  if (!isProperties(declaredAs)) return [];
  const changed = (property: string): CheckFailure => ({
    property,
    reason:
      "was changed by a transformation after the resource was declared, when it was already decided what is deleted with what. Give it in the arguments of the resource instead",
  });
  if (declaredAs.tornDown === true) {
    const kept = inputs.deletionPolicy !== undefined && inputs.deletionPolicy !== "teardown";
    if (kept) return [changed("deletionPolicy")];
    if (inputs.deletionPolicy === undefined && inputs.adopt !== undefined && inputs.adopt !== false) {
      return [changed("adopt")];
    }
  }
  return (["userIdentityId", "acsUserId"] as const).flatMap((name) => {
    const [decided, sent] = [text(declaredAs[name]), text(inputs[name])];
    if (decided === undefined || decided === unknownValue || sent === unknownValue) return [];
    return decided.toLowerCase() === sent?.toLowerCase() ? [] : [changed(name)];
  });
}
