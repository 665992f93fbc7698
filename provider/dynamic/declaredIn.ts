import * as pulumi from "@pulumi/pulumi";

/** A class of resources, as far as it tells its own. */
interface ResourceClass<T> {
  isInstance(value: unknown): value is T;
}

/**
 * The resource of the program that an id comes from: as `jean.id`, or as what was made of it. `check` refuses an id that is another
 * one in the end.
 */
export function declaredIn<T extends pulumi.CustomResource>(
  id: pulumi.Input<string> | undefined,
  resourceClass: ResourceClass<T>,
): T | undefined {
  const found = resourcesOf(id).filter((one) => resourceClass.isInstance(one));
  // An id that was computed from several resources is nobody's in particular.
  const [only, ...others] = found;
  return others.length === 0 ? only : undefined;
}

/**
 * What an output turns out to be, undefined while that is not known. Without what it depends on: the engine would record that in the
 * state, where it stands with the argument itself already.
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

/** As {@link valueOf}, of a text that may be a secret, and then stays one. */
export function secretValueOf(input: pulumi.Input<string>): unknown {
  if (!pulumi.Output.isInstance(input)) return input;
  const secret = pulumi.isSecret(pulumi.output(input));
  return Promise.all([secret, valueOf(input)]).then(([isSecret, value]) =>
    isSecret ? pulumi.secret(value) : value,
  );
}

/** The resources that an output was made of, which every output knows and the SDK's types do not show. */
function resourcesOf(input: unknown): unknown[] {
  if (!pulumi.Output.isInstance(input)) return [];
  const resources: unknown = Reflect.get(input, "resources");
  if (typeof resources !== "function") return [];
  const found: unknown = Reflect.apply(resources, input, []);
  return found instanceof Set ? [...found] : [];
}
