import type * as pulumi from "@pulumi/pulumi";
import type { SeamClient } from "../seam/client";
import type { AcsEntrance } from "../seam/model";
import { findByIdOrName } from "./idOrName";
import {
  type AnyLookupOptions,
  type LookupOptions,
  lookUp,
  lookUpOutput,
  type OptionalLookupOptions,
} from "./lookup";
import { describePlace, givenArguments } from "./lookupArguments";

/** The arguments of {@link getAcsEntrance}: its id, or its exact name, in one system or in all. */
export interface GetAcsEntranceArgs {
  /** A UUID. */
  acsEntranceId?: string | undefined;
  /** With `name`: the access control system, a UUID. */
  acsSystemId?: string | undefined;
  /** The exact name in Seam (`display_name`). */
  name?: string | undefined;
}

/** Like {@link GetAcsEntranceArgs}, but values may be outputs. */
export type GetAcsEntranceOutputArgs = {
  [Name in keyof GetAcsEntranceArgs]: pulumi.Input<GetAcsEntranceArgs[Name]>;
};

/** An entrance in Seam. */
export interface GetAcsEntranceResult {
  acsEntranceId: string;
  acsSystemId: string;
  name: string;
}

const names = ["acsEntranceId", "acsSystemId", "name"] as const;

/**
 * Finds an entrance by its id, or its exact name, in one system or in all. Also runs in previews, where it needs an API key;
 * {@link getAcsEntranceOutput} does not.
 *
 * @returns Undefined if there is none and `ifMissing` is `"undefined"`.
 * @throws Error if there is none; if more than one has the name, with their ids; if the arguments are not one of these
 *   combinations; or if a call to Seam fails.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const lobby = seam.getAcsEntrance({ name: "Lobby" });
 * export const acsEntranceId = lobby.then((found) => found.acsEntranceId);
 * ```
 */
export function getAcsEntrance(
  args: GetAcsEntranceArgs,
  opts: OptionalLookupOptions,
): Promise<GetAcsEntranceResult | undefined>;
export function getAcsEntrance(args: GetAcsEntranceArgs, opts?: LookupOptions): Promise<GetAcsEntranceResult>;
export function getAcsEntrance(
  args: GetAcsEntranceArgs,
  opts?: LookupOptions | OptionalLookupOptions,
): Promise<GetAcsEntranceResult | undefined>;
export function getAcsEntrance(
  args: GetAcsEntranceArgs,
  opts?: AnyLookupOptions,
): Promise<GetAcsEntranceResult | undefined> {
  return lookUp(`find the entrance${describePlace({ ...args }, names)}`, opts, async (client) => {
    const found = await find(client, givenArguments<(typeof names)[number]>(args, names));
    return found === undefined ? undefined : resultOf(found);
  });
}

function find(
  client: SeamClient,
  given: ReadonlyMap<(typeof names)[number], string>,
): Promise<AcsEntrance | undefined> {
  const [id, name, system] = [given.get("acsEntranceId"), given.get("name"), given.get("acsSystemId")];
  if ((id === undefined) === (name === undefined) || (id !== undefined && system !== undefined)) {
    throw new Error("it takes either acsEntranceId, or name, with acsSystemId or without");
  }
  const filter = system === undefined ? {} : { acs_system_id: system };
  // The filter by system is only trusted if the response shows the system.
  const isThere = (one: AcsEntrance): boolean =>
    system === undefined || one.acs_system_id.toLowerCase() === system.toLowerCase();
  return findByIdOrName<AcsEntrance>(
    { id, name },
    {
      noun: "entrance",
      idArgument: "acsEntranceId",
      byId: (one) => client.findAcsEntrance(one),
      byName: async (search) => (await client.listAcsEntrances({ ...filter, search })).filter(isThere),
      idOf: (one) => one.acs_entrance_id,
      namesOf: (one) => [one.display_name],
    },
  );
}

function resultOf(found: AcsEntrance): GetAcsEntranceResult {
  return {
    acsEntranceId: found.acs_entrance_id,
    acsSystemId: found.acs_system_id,
    name: found.display_name,
  };
}

/**
 * Like {@link getAcsEntrance}, for outputs. In a preview, the result is unknown if there is no API key, or if the settings of
 * the `provider` are not known yet.
 */
export function getAcsEntranceOutput(
  args: GetAcsEntranceOutputArgs,
  opts: OptionalLookupOptions,
): pulumi.Output<GetAcsEntranceResult | undefined>;
export function getAcsEntranceOutput(
  args: GetAcsEntranceOutputArgs,
  opts?: LookupOptions,
): pulumi.Output<GetAcsEntranceResult>;
export function getAcsEntranceOutput(
  args: GetAcsEntranceOutputArgs,
  opts?: AnyLookupOptions,
): pulumi.Output<GetAcsEntranceResult | undefined> {
  return lookUpOutput(args, opts, (known) => getAcsEntrance(known, opts));
}
