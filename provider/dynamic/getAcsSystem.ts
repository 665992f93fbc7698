import type * as pulumi from "@pulumi/pulumi";
import type { SeamClient } from "../seam/client";
import type { AcsSystem } from "../seam/model";
import { findByIdOrName } from "./idOrName";
import {
  type AnyLookupOptions,
  type LookupOptions,
  lookUp,
  lookUpOutput,
  type OptionalLookupOptions,
} from "./lookup";
import { describePlace, givenArguments } from "./lookupArguments";

/** The arguments of {@link getAcsSystem}: its id, or its exact name. */
export interface GetAcsSystemArgs {
  /** A UUID. */
  acsSystemId?: string | undefined;
  /** The exact name in Seam. */
  name?: string | undefined;
}

/** Like {@link GetAcsSystemArgs}, but values may be outputs. */
export type GetAcsSystemOutputArgs = {
  [Name in keyof GetAcsSystemArgs]: pulumi.Input<GetAcsSystemArgs[Name]>;
};

/** An access control system in Seam. */
export interface GetAcsSystemResult {
  acsSystemId: string;
  name: string;
  workspaceId: string;
}

const names = ["acsSystemId", "name"] as const;

/**
 * Finds an access control system by its id, or its exact name. Also runs in previews, where it needs an API key; {@link
 * getAcsSystemOutput} does not.
 *
 * @returns Undefined if there is none and `ifMissing` is `"undefined"`.
 * @throws Error if there is none; if more than one has the name, with their ids; if the arguments are not one of these
 *   combinations; or if a call to Seam fails.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const headquarters = seam.getAcsSystem({ name: "Headquarters" });
 * export const acsSystemId = headquarters.then((found) => found.acsSystemId);
 * ```
 */
export function getAcsSystem(
  args: GetAcsSystemArgs,
  opts: OptionalLookupOptions,
): Promise<GetAcsSystemResult | undefined>;
export function getAcsSystem(args: GetAcsSystemArgs, opts?: LookupOptions): Promise<GetAcsSystemResult>;
export function getAcsSystem(
  args: GetAcsSystemArgs,
  opts?: LookupOptions | OptionalLookupOptions,
): Promise<GetAcsSystemResult | undefined>;
export function getAcsSystem(
  args: GetAcsSystemArgs,
  opts?: AnyLookupOptions,
): Promise<GetAcsSystemResult | undefined> {
  return lookUp(
    `find the access control system${describePlace({ ...args }, names)}`,
    opts,
    async (client) => {
      const found = await find(client, givenArguments<(typeof names)[number]>(args, names));
      return found === undefined ? undefined : resultOf(found);
    },
  );
}

function find(
  client: SeamClient,
  given: ReadonlyMap<(typeof names)[number], string>,
): Promise<AcsSystem | undefined> {
  const [id, name] = [given.get("acsSystemId"), given.get("name")];
  if (given.size !== 1) throw new Error("it takes either acsSystemId or name");
  return findByIdOrName<AcsSystem>(
    { id, name },
    {
      noun: "access control system",
      idArgument: "acsSystemId",
      byId: (one) => client.findAcsSystem(one),
      byName: () => client.listAcsSystems(),
      idOf: (one) => one.acs_system_id,
      namesOf: (one) => [one.name],
    },
  );
}

function resultOf(found: AcsSystem): GetAcsSystemResult {
  return {
    acsSystemId: found.acs_system_id,
    name: found.name,
    workspaceId: found.workspace_id,
  };
}

/**
 * Like {@link getAcsSystem}, for outputs. In a preview, the result is unknown if there is no API key, or if the settings of the
 * `provider` are not known yet.
 */
export function getAcsSystemOutput(
  args: GetAcsSystemOutputArgs,
  opts: OptionalLookupOptions,
): pulumi.Output<GetAcsSystemResult | undefined>;
export function getAcsSystemOutput(
  args: GetAcsSystemOutputArgs,
  opts?: LookupOptions,
): pulumi.Output<GetAcsSystemResult>;
export function getAcsSystemOutput(
  args: GetAcsSystemOutputArgs,
  opts?: AnyLookupOptions,
): pulumi.Output<GetAcsSystemResult | undefined> {
  return lookUpOutput(args, opts, (known) => getAcsSystem(known, opts));
}
