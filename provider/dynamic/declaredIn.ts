import * as pulumi from "@pulumi/pulumi";

/** A class of resources that recognizes its instances. */
interface ResourceClass<T> {
  isInstance(value: unknown): value is T;
}

/**
 * Returns the resource of the program that an id comes from: `jean.id`, or an output derived from it. `check` refuses an id
 * that resolves to another one.
 */
export function declaredIn<T extends pulumi.CustomResource>(
  id: pulumi.Input<string> | undefined,
  resourceClass: ResourceClass<T>,
): T | undefined {
  const found = resourcesOf(id).filter((one) => resourceClass.isInstance(one));
  // An id that was computed from several resources belongs to none of them.
  const [only, ...others] = found;
  return others.length === 0 ? only : undefined;
}

/**
 * Returns the value of an output, undefined while it is not known, without its dependencies: the engine would record those in
 * the state, which has them for the argument itself already.
 */
export function valueOf(
  input: pulumi.Input<string> | undefined,
): pulumi.Input<string | undefined> | undefined {
  if (!pulumi.Output.isInstance(input)) return input;
  const promise: unknown = Reflect.get(input, "promise");
  if (typeof promise !== "function") return input;
  const value: unknown = Reflect.apply(promise, input, []);
  return Promise.resolve(value).then((known) => (typeof known === "string" ? known : undefined));
}

/** Like {@link valueOf}, but a secret stays a secret. */
export function secretValueOf(input: pulumi.Input<string>): unknown {
  if (!pulumi.Output.isInstance(input)) return input;
  const secret = pulumi.isSecret(pulumi.output(input));
  return Promise.all([secret, valueOf(input)]).then(([isSecret, value]) =>
    isSecret ? pulumi.secret(value) : value,
  );
}

/** Returns the resources that an output depends on, which every output has although the SDK's types do not show it. */
function resourcesOf(input: unknown): unknown[] {
  if (!pulumi.Output.isInstance(input)) return [];
  const resources: unknown = Reflect.get(input, "resources");
  if (typeof resources !== "function") return [];
  const found: unknown = Reflect.apply(resources, input, []);
  return found instanceof Set ? [...found] : [];
}
