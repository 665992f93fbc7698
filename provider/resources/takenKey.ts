import { type Declaration, described } from "./declarations";
import type { Operation } from "./lifecycle";
import { ownObjectAdvice } from "./ownership";
import { explain, type ResourceError } from "./resourceErrors";

// Errors of a create whose key belongs to an existing object.

/** An object with a key in Seam, as messages name it. */
export interface KeyedObject {
  id: string;
  /** For example `access grant`. */
  noun: string;
  /** The argument that holds the key. */
  argument: string;
}

/** @throws Error if Seam answered a lookup by key with an object that has another key */
export function assertHasKey(
  { id, noun, argument }: KeyedObject,
  has: string | undefined | null,
  key: string,
): void {
  if (has === key) return;
  throw new Error(`Seam answered with the ${noun} ${id}, which has another ${argument}. Nothing was changed`);
}

/** The first part of an error about an object that has the key. */
export function hasKeyAlready({ id, noun, argument }: KeyedObject): Error {
  return new Error(`${noun} ${id} has its ${argument} already`);
}

/**
 * Returns the error for a create whose key belongs to an object without proof of ownership, with the possible solutions.
 *
 * @param short The short name of the object, for example `grant`.
 * @param createdAt When it was created, in ISO 8601.
 */
export function keyTaken(
  { declarations }: Pick<Operation, "declarations">,
  self: Declaration,
  object: KeyedObject,
  short: string,
  createdAt: string,
): ResourceError {
  const { id, noun, argument } = object;
  const doing = `create the ${noun}`;
  const own = `${/^[aeiou]/.test(argument) ? "an" : "a"} ${argument} of its own`;
  declarations.refuse(self, id);
  const holder = declarations.holderOf(self.kind, id);
  const next =
    holder === undefined
      ? `It was created ${createdAt} and may belong to another stack, another program or your app; nothing proves that it is this stack's own. ${ownObjectAdvice(id)}. To manage a ${short} that was created elsewhere, and keep it in Seam when the resource is deleted, set adopt: true; otherwise give this one ${own}`
      : `${described(holder)} of this program has that ${short}. Give each ${own}, or remove one from the program; if the resource has a new name, give it an alias`;
  return explain(doing, hasKeyAlready(object), next);
}
