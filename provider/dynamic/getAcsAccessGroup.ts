import type * as pulumi from "@pulumi/pulumi";
import type { SeamClient } from "../seam/client";
import type { AcsAccessGroup } from "../seam/model";
import { findByIdOrName } from "./idOrName";
import {
  type AnyLookupOptions,
  type LookupOptions,
  lookUp,
  lookUpOutput,
  type OptionalLookupOptions,
} from "./lookup";
import { describePlace, givenArguments } from "./lookupArguments";

/** The arguments of {@link getAcsAccessGroup}: its id, or its exact name, in one system or in all. */
export interface GetAcsAccessGroupArgs {
  /** A UUID. */
  acsAccessGroupId?: string | undefined;
  /** With `name`: the access control system, a UUID. */
  acsSystemId?: string | undefined;
  /** The exact name in Seam. */
  name?: string | undefined;
}

/** Like {@link GetAcsAccessGroupArgs}, but values may be outputs. */
export type GetAcsAccessGroupOutputArgs = {
  [Name in keyof GetAcsAccessGroupArgs]: pulumi.Input<GetAcsAccessGroupArgs[Name]>;
};

/** An access group in Seam. */
export interface GetAcsAccessGroupResult {
  acsAccessGroupId: string;
  acsSystemId: string;
  name: string;
  workspaceId: string;
}

const names = ["acsAccessGroupId", "acsSystemId", "name"] as const;

/**
 * Finds an access group by its id, or its exact name, in one system or in all. Also runs in previews, where it needs an API
 * key; {@link getAcsAccessGroupOutput} does not.
 *
 * @returns Undefined if there is none and `ifMissing` is `"undefined"`.
 * @throws Error if there is none; if more than one has the name, with their ids; if the arguments are not one of these
 *   combinations; or if a call to Seam fails.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const staff = seam.getAcsAccessGroup({ name: "Staff" });
 * export const acsAccessGroupId = staff.then((found) => found.acsAccessGroupId);
 * ```
 */
export function getAcsAccessGroup(
  args: GetAcsAccessGroupArgs,
  opts: OptionalLookupOptions,
): Promise<GetAcsAccessGroupResult | undefined>;
export function getAcsAccessGroup(
  args: GetAcsAccessGroupArgs,
  opts?: LookupOptions,
): Promise<GetAcsAccessGroupResult>;
export function getAcsAccessGroup(
  args: GetAcsAccessGroupArgs,
  opts?: LookupOptions | OptionalLookupOptions,
): Promise<GetAcsAccessGroupResult | undefined>;
export function getAcsAccessGroup(
  args: GetAcsAccessGroupArgs,
  opts?: AnyLookupOptions,
): Promise<GetAcsAccessGroupResult | undefined> {
  return lookUp(`find the access group${describePlace({ ...args }, names)}`, opts, async (client) => {
    const found = await find(client, givenArguments<(typeof names)[number]>(args, names));
    return found === undefined ? undefined : resultOf(found);
  });
}

function find(
  client: SeamClient,
  given: ReadonlyMap<(typeof names)[number], string>,
): Promise<AcsAccessGroup | undefined> {
  const [id, name, system] = [given.get("acsAccessGroupId"), given.get("name"), given.get("acsSystemId")];
  if ((id === undefined) === (name === undefined) || (id !== undefined && system !== undefined)) {
    throw new Error("it takes either acsAccessGroupId, or name, with acsSystemId or without");
  }
  const filter = system === undefined ? {} : { acs_system_id: system };
  // The filter by system is only trusted if the response shows the system.
  const isThere = (one: AcsAccessGroup): boolean =>
    system === undefined || one.acs_system_id.toLowerCase() === system.toLowerCase();
  return findByIdOrName<AcsAccessGroup>(
    { id, name },
    {
      noun: "access group",
      idArgument: "acsAccessGroupId",
      byId: (one) => client.findAcsAccessGroup(one),
      byName: async () => (await client.listAcsAccessGroups(filter)).filter(isThere),
      idOf: (one) => one.acs_access_group_id,
      namesOf: (one) => [one.name],
    },
  );
}

function resultOf(found: AcsAccessGroup): GetAcsAccessGroupResult {
  return {
    acsAccessGroupId: found.acs_access_group_id,
    acsSystemId: found.acs_system_id,
    name: found.name,
    workspaceId: found.workspace_id,
  };
}

/**
 * Like {@link getAcsAccessGroup}, for outputs. In a preview, the result is unknown if there is no API key, or if the settings
 * of the `provider` are not known yet.
 */
export function getAcsAccessGroupOutput(
  args: GetAcsAccessGroupOutputArgs,
  opts: OptionalLookupOptions,
): pulumi.Output<GetAcsAccessGroupResult | undefined>;
export function getAcsAccessGroupOutput(
  args: GetAcsAccessGroupOutputArgs,
  opts?: LookupOptions,
): pulumi.Output<GetAcsAccessGroupResult>;
export function getAcsAccessGroupOutput(
  args: GetAcsAccessGroupOutputArgs,
  opts?: AnyLookupOptions,
): pulumi.Output<GetAcsAccessGroupResult | undefined> {
  return lookUpOutput(args, opts, (known) => getAcsAccessGroup(known, opts));
}
