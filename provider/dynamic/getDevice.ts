import type * as pulumi from "@pulumi/pulumi";
import type { SeamClient } from "../seam/client";
import type { Device } from "../seam/model";
import { findByIdOrName } from "./idOrName";
import {
  type AnyLookupOptions,
  type LookupOptions,
  lookUp,
  lookUpOutput,
  type OptionalLookupOptions,
} from "./lookup";
import { describePlace, givenArguments } from "./lookupArguments";

/** The arguments of {@link getDevice}: its id, or its exact name. */
export interface GetDeviceArgs {
  /** A UUID. */
  deviceId?: string | undefined;
  /** The exact name in Seam (`display_name`). */
  name?: string | undefined;
}

/** Like {@link GetDeviceArgs}, but values may be outputs. */
export type GetDeviceOutputArgs = { [Name in keyof GetDeviceArgs]: pulumi.Input<GetDeviceArgs[Name]> };

/** A device in Seam. */
export interface GetDeviceResult {
  deviceId: string;
  name: string;
  deviceType: string;
  workspaceId: string;
}

const names = ["deviceId", "name"] as const;

/**
 * Finds a device by its id, or its exact name. Also runs in previews, where it needs an API key; {@link getDeviceOutput} does
 * not.
 *
 * @returns Undefined if there is none and `ifMissing` is `"undefined"`.
 * @throws Error if there is none; if more than one has the name, with their ids; if the arguments are not one of these
 *   combinations; or if a call to Seam fails.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const frontDoor = seam.getDevice({ name: "Front door" });
 * export const deviceId = frontDoor.then((found) => found.deviceId);
 * ```
 */
export function getDevice(
  args: GetDeviceArgs,
  opts: OptionalLookupOptions,
): Promise<GetDeviceResult | undefined>;
export function getDevice(args: GetDeviceArgs, opts?: LookupOptions): Promise<GetDeviceResult>;
export function getDevice(
  args: GetDeviceArgs,
  opts?: LookupOptions | OptionalLookupOptions,
): Promise<GetDeviceResult | undefined>;
export function getDevice(
  args: GetDeviceArgs,
  opts?: AnyLookupOptions,
): Promise<GetDeviceResult | undefined> {
  return lookUp(`find the device${describePlace({ ...args }, names)}`, opts, async (client) => {
    const found = await find(client, givenArguments<(typeof names)[number]>(args, names));
    return found === undefined ? undefined : resultOf(found);
  });
}

function find(
  client: SeamClient,
  given: ReadonlyMap<(typeof names)[number], string>,
): Promise<Device | undefined> {
  const [id, name] = [given.get("deviceId"), given.get("name")];
  if (given.size !== 1) throw new Error("it takes either deviceId or name");
  return findByIdOrName<Device>(
    { id, name },
    {
      noun: "device",
      idArgument: "deviceId",
      byId: (one) => client.findDevice(one),
      byName: (search) => client.listDevices({ search }),
      idOf: (one) => one.device_id,
      namesOf: (one) => [one.display_name, ...(one.nickname === null ? [] : [one.nickname])],
    },
  );
}

function resultOf(found: Device): GetDeviceResult {
  return {
    deviceId: found.device_id,
    name: found.display_name,
    deviceType: found.device_type,
    workspaceId: found.workspace_id,
  };
}

/**
 * Like {@link getDevice}, for outputs. In a preview, the result is unknown if there is no API key, or if the settings of the
 * `provider` are not known yet.
 */
export function getDeviceOutput(
  args: GetDeviceOutputArgs,
  opts: OptionalLookupOptions,
): pulumi.Output<GetDeviceResult | undefined>;
export function getDeviceOutput(
  args: GetDeviceOutputArgs,
  opts?: LookupOptions,
): pulumi.Output<GetDeviceResult>;
export function getDeviceOutput(
  args: GetDeviceOutputArgs,
  opts?: AnyLookupOptions,
): pulumi.Output<GetDeviceResult | undefined> {
  return lookUpOutput(args, opts, (known) => getDevice(known, opts));
}
