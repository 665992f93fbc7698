import type * as pulumi from "@pulumi/pulumi";
import type { SeamClient } from "../seam/client";
import type { Space } from "../seam/model";
import { findByIdOrName } from "./idOrName";
import {
  type AnyLookupOptions,
  type LookupOptions,
  lookUp,
  lookUpOutput,
  type OptionalLookupOptions,
} from "./lookup";
import { describePlace, givenArguments } from "./lookupArguments";

/** The arguments of {@link getSpace}: its id, its key, or its exact name. */
export interface GetSpaceArgs {
  /** A UUID. */
  spaceId?: string | undefined;
  /** Your own key for the space. */
  spaceKey?: string | undefined;
  /** The exact name in Seam. */
  name?: string | undefined;
}

/** Like {@link GetSpaceArgs}, but values may be outputs. */
export type GetSpaceOutputArgs = { [Name in keyof GetSpaceArgs]: pulumi.Input<GetSpaceArgs[Name]> };

/** A space in Seam. */
export interface GetSpaceResult {
  spaceId: string;
  spaceKey?: string | undefined;
  name: string;
  workspaceId: string;
}

const names = ["spaceId", "spaceKey", "name"] as const;

/**
 * Finds a space by its id, its key, or its exact name. Also runs in previews, where it needs an API key; {@link getSpaceOutput}
 * does not.
 *
 * @returns Undefined if there is none and `ifMissing` is `"undefined"`.
 * @throws Error if there is none; if more than one has the name, with their ids; if the arguments are not one of these
 *   combinations; or if a call to Seam fails.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const headquarters = seam.getSpace({ name: "Headquarters" });
 * export const spaceId = headquarters.then((found) => found.spaceId);
 * ```
 */
export function getSpace(
  args: GetSpaceArgs,
  opts: OptionalLookupOptions,
): Promise<GetSpaceResult | undefined>;
export function getSpace(args: GetSpaceArgs, opts?: LookupOptions): Promise<GetSpaceResult>;
export function getSpace(
  args: GetSpaceArgs,
  opts?: LookupOptions | OptionalLookupOptions,
): Promise<GetSpaceResult | undefined>;
export function getSpace(args: GetSpaceArgs, opts?: AnyLookupOptions): Promise<GetSpaceResult | undefined> {
  return lookUp(`find the space${describePlace({ ...args }, names)}`, opts, async (client) => {
    const found = await find(client, givenArguments<(typeof names)[number]>(args, names));
    return found === undefined ? undefined : resultOf(found);
  });
}

function find(
  client: SeamClient,
  given: ReadonlyMap<(typeof names)[number], string>,
): Promise<Space | undefined> {
  const [id, key, name] = [given.get("spaceId"), given.get("spaceKey"), given.get("name")];
  if (given.size !== 1) throw new Error("it takes one of spaceId, spaceKey and name");
  if (key !== undefined) return findByKey(client, key);
  return findByIdOrName<Space>(
    { id, name },
    {
      noun: "space",
      idArgument: "spaceId",
      byId: (one) => client.findSpace({ space_id: one }),
      byName: (search) => client.listSpaces({ search }),
      idOf: (one) => one.space_id,
      namesOf: (one) => [one.name],
    },
  );
}

async function findByKey(client: SeamClient, key: string): Promise<Space | undefined> {
  const found = await client.findSpace({ space_key: key });
  if (found !== undefined && found.space_key !== key) {
    throw new Error(`Seam answered with the space ${found.space_id}, which has another key`);
  }
  return found;
}

function resultOf(found: Space): GetSpaceResult {
  return {
    spaceId: found.space_id,
    spaceKey: found.space_key ?? undefined,
    name: found.name,
    workspaceId: found.workspace_id,
  };
}

/**
 * Like {@link getSpace}, for outputs. In a preview, the result is unknown if there is no API key, or if the settings of the
 * `provider` are not known yet.
 */
export function getSpaceOutput(
  args: GetSpaceOutputArgs,
  opts: OptionalLookupOptions,
): pulumi.Output<GetSpaceResult | undefined>;
export function getSpaceOutput(args: GetSpaceOutputArgs, opts?: LookupOptions): pulumi.Output<GetSpaceResult>;
export function getSpaceOutput(
  args: GetSpaceOutputArgs,
  opts?: AnyLookupOptions,
): pulumi.Output<GetSpaceResult | undefined> {
  return lookUpOutput(args, opts, (known) => getSpace(known, opts));
}
