import type * as pulumi from "@pulumi/pulumi";
import { type ConfigReader, readConfig } from "../config";
import { type ConnectionOptions, connect } from "../connection";
import { acsUserVerbs } from "../resources/acsUser";
import { acsUserLinkVerbs } from "../resources/acsUserLink";
import { Claims } from "../resources/ownership";
import { explain, HalfMadeError } from "../resources/resourceErrors";
import { userIdentityVerbs } from "../resources/userIdentity";
import type { Operation, Properties, Verbs } from "../resources/verbs";

/** The provider objects that the texts in the states name. */
export interface DynamicProviders {
  userIdentity: pulumi.dynamic.ResourceProvider;
  acsUserLink: pulumi.dynamic.ResourceProvider;
  acsUser: pulumi.dynamic.ResourceProvider;
}

/** In place of the stack trace of a failure that is shown with its resource. */
export const shownWithResource = "(shown with the resource)";

/** Providers of all resources, with one connection to Seam for all of them, made when it is first needed. */
export function dynamicProviders(options: ConnectionOptions): DynamicProviders {
  let readStackConfig: ConfigReader = () => undefined;
  const claims = new Claims();
  let operation: Operation | undefined;

  const connected = (): Operation => {
    operation ??= { ...connect(readConfig(readStackConfig, options.env), options), claims };
    return operation;
  };

  const providerOf = (verbs: Verbs, noun: string): pulumi.dynamic.ResourceProvider => {
    const run = async <T>(verb: string, act: () => Promise<T>): Promise<T> => {
      try {
        return await act();
      } catch (error) {
        const failure = explain(`${verb} the ${noun}`, error);
        // The plugin process prints the stack of what a read or delete throws, and then reports the message as well.
        failure.stack = shownWithResource;
        throw failure;
      }
    };
    return {
      // Stores and does nothing else: the engine does not wait for it before it calls the next verb.
      async configure({ config }) {
        readStackConfig = (key) => config.get(key);
      },
      check: async (olds: Properties, news: Properties) => verbs.check(olds, news),
      diff: async (id: pulumi.ID, olds: Properties, news: Properties) => {
        claims.own(id);
        // Not that it stays: a refresh asks for the difference too, of what the same operation deletes afterwards.
        return verbs.diff(id, olds, news);
      },
      create: (inputs: Properties) =>
        run("create", async () => {
          try {
            const created = await verbs.create(connected(), inputs);
            claims.stay(created.id);
            return created;
          } catch (error) {
            if (error instanceof HalfMadeError) claims.stay(error.id);
            throw error;
          }
        }),
      read: (id: pulumi.ID, props: Properties) => run("read", async () => verbs.read(connected(), id, props)),
      update: (id: pulumi.ID, olds: Properties, news: Properties) =>
        run("update", async () => {
          claims.stay(id);
          return verbs.update(connected(), id, olds, news);
        }),
      delete: (id: pulumi.ID, props: Properties) =>
        run("delete", async () => {
          if (!verbs.keeps(props) && !claims.stays(id)) await verbs.delete(connected(), id, props);
        }),
    };
  };

  return {
    userIdentity: providerOf(userIdentityVerbs, "user identity"),
    acsUserLink: providerOf(acsUserLinkVerbs, "link"),
    acsUser: providerOf(acsUserVerbs, "ACS user"),
  };
}
