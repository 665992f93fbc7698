import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "./programError";

/** Arguments that a class uses itself before the provider's `check` sees them. JavaScript, and casts, allow any value. */

/** A class of resources that recognizes its instances. */
interface ResourceClass {
  readonly name: string;
  isInstance(value: unknown): boolean;
}

/** An argument, by its name. */
type Argument = readonly [name: string, value: unknown];

/**
 * @param resource As messages name it, like `AcsUserLink "jean-to-lobby"`.
 * @throws ProgramError if the arguments are not an object: of a string, each character would be an argument
 */
export function assertArguments(resource: string, args: unknown): void {
  if (args === undefined || (isObject(args) && !Array.isArray(args) && !isLater(args))) return;
  throw new ProgramError(`${resource} takes its arguments as an object, like { name: value }`);
}

/** @throws ProgramError if not exactly one of two arguments is given */
export function assertOneOf(resource: string, [one, value]: Argument, [other, otherValue]: Argument): void {
  assertNotBoth(resource, [one, value], [other, otherValue]);
  if (isGiven(value) || isGiven(otherValue)) return;
  throw new ProgramError(
    `${resource} has neither ${one} nor ${other}. Give one of them. A value that is undefined does not count: see whether a lookup lacks its \`await\``,
  );
}

/** @throws ProgramError if both of two arguments are given */
export function assertNotBoth(resource: string, [one, value]: Argument, [other, otherValue]: Argument): void {
  if (!isGiven(value) || !isGiven(otherValue)) return;
  throw new ProgramError(`${resource} has both ${one} and ${other}. Give only one of them`);
}

/** @throws ProgramError if a given argument is not a resource of this class, for example an id */
export function assertResource(
  resource: string,
  [argument, value]: Argument,
  resourceClass: ResourceClass,
  idArgument: string,
): void {
  if (!isGiven(value) || resourceClass.isInstance(value)) return;
  throw new ProgramError(
    `${resource}: ${argument} must be a resource of the class ${resourceClass.name}. Give an id as ${idArgument}`,
  );
}

/**
 * @param own The identity whose teardown certainly deletes the resource, too, if there is one.
 * @throws ProgramError if the option `deletedWith` names another resource: Pulumi would skip the delete, and doors would stay open
 */
export function assertDeletedItself(
  resource: string,
  { deletedWith }: pulumi.CustomResourceOptions,
  own?: pulumi.Resource,
): void {
  if (!isGiven(deletedWith) || deletedWith === own) return;
  throw new ProgramError(
    `${resource} has the option deletedWith: Pulumi would do nothing for it when that resource is deleted, and its doors would stay open. Remove the option; with retainOnDelete it stays in Seam`,
  );
}

/** @throws ProgramError if given places are not a list of objects with their ids */
export function assertPlaces(resource: string, [argument, places]: Argument, idField: string): void {
  if (!isGiven(places)) return;
  if (!Array.isArray(places)) {
    throw new ProgramError(`${resource}: ${argument} must be a list. Give ids as ${idField}s`);
  }
  const items: readonly unknown[] = places;
  for (const [index, item] of items.entries()) {
    const where = `${resource}: item ${index + 1} of ${argument}`;
    if (item instanceof Promise) {
      throw new ProgramError(
        `${where} is a promise. Write \`await\` before the lookup, or use the form of it that ends in Output`,
      );
    }
    if (!isObject(item) || !isGiven(Reflect.get(item, idField))) {
      throw new ProgramError(`${where} has no ${idField}. Give ids as ${idField}s`);
    }
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isLater(value: object): boolean {
  return value instanceof Promise || pulumi.Output.isInstance(value);
}
