/**
 * What Pulumi's plugin process loads, by the text that every resource keeps in its state. Nothing exported here may ever
 * be renamed or removed; see `resources/shim.ts`.
 */

import type * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./config";
import { type Connection, connect } from "./connection";
import { acsUserLinkVerbs } from "./resources/acsUserLink";
import { explain } from "./resources/explain";
import { userIdentityVerbs } from "./resources/userIdentity";
import type { Properties, Verbs } from "./resources/verbs";

export const userIdentity = dynamicProvider(userIdentityVerbs, "user identity");
export const acsUserLink = dynamicProvider(acsUserLinkVerbs, "link");

let readStackConfig: (key: string) => string | undefined = () => undefined;
let connection: Connection | undefined;

function dynamicProvider(verbs: Verbs, noun: string): pulumi.dynamic.ResourceProvider {
  const connected = (doing: string): Connection => {
    try {
      connection ??= connect(readConfig(readStackConfig), (line) => console.log(`pulumi-seam: ${line}`));
      return connection;
    } catch (error) {
      throw explain(`${doing} the ${noun}`, error);
    }
  };
  return {
    // Stores and does nothing else: the engine does not wait for it before it calls the next verb.
    async configure({ config }) {
      readStackConfig = (key) => config.get(key);
    },
    async check(olds: Properties, news: Properties) {
      return verbs.check(olds, news);
    },
    async diff(id: pulumi.ID, olds: Properties, news: Properties) {
      return verbs.diff(id, olds, news);
    },
    create: (inputs: Properties) => shown(async () => verbs.create(connected("create"), inputs)),
    read: (id: pulumi.ID, props: Properties) => shown(async () => verbs.read(connected("read"), id, props)),
    update: (id: pulumi.ID, olds: Properties, news: Properties) =>
      shown(async () => verbs.update(connected("update"), id, olds, news)),
    delete: (id: pulumi.ID, props: Properties) =>
      shown(async () => {
        if (!verbs.keeps(props)) await verbs.delete(connected("delete"), id, props);
      }),
  };
}

/**
 * The plugin process prints the stack trace of every failed read and delete before it reports the failure, so that the
 * terminal would show it twice. A failure that leaves here says in place of its stack that it is shown elsewhere, and
 * what the process then prints about it is dropped.
 */
async function shown<T>(verb: () => Promise<T>): Promise<T> {
  try {
    return await verb();
  } catch (error) {
    const failure = explain("go on", error);
    failure.stack = shownWithResource;
    throw failure;
  }
}

const shownWithResource = "(shown with the resource)";
const printError = console.error.bind(console);
console.error = (...printed: unknown[]): void => {
  const [first] = printed;
  if (typeof first === "string" && first.endsWith(shownWithResource)) return;
  printError(...printed);
};
