import type * as pulumi from "@pulumi/pulumi";
import { type ConfigReader, readConfig } from "../config";
import { type ConnectionOptions, connect } from "../connection";
import { acsUserLifecycle } from "../resources/acsUser";
import { acsUserLinkLifecycle } from "../resources/acsUserLink";
import { Declarations, described, type ResourceKind } from "../resources/declarations";
import type { CheckFailure, Lifecycle, Operation } from "../resources/lifecycle";
import { takeOverIds } from "../resources/ownership";
import { type Properties, text } from "../resources/properties";
import { explain, HalfMadeError, ResourceError } from "../resources/resourceErrors";
import { StackWorkspace } from "../resources/stackWorkspace";
import { readTeardownLimit, TeardownLimit } from "../resources/teardownLimit";
import { userIdentityLifecycle } from "../resources/userIdentity";
import { failureText } from "../resources/validation";
import { changedByTransformation, declaredAsProperty, declaredPath } from "./declaredAs";

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
  const declarations = new Declarations();
  let operation: Operation | undefined;
  let teardownLimit: TeardownLimit | undefined;

  const connected = (): Operation => {
    if (operation === undefined) {
      const config = readConfig(readStackConfig, options.env);
      const connection = connect(config, options);
      const workspace = new StackWorkspace(connection.client, declarations, config.workspaceId);
      const takeOver = takeOverIds(options.env ?? process.env);
      operation = { ...connection, declarations, workspace, takeOver };
    }
    return operation;
  };

  const providerOf = <Inputs extends Properties, Outputs extends Inputs>(
    kind: ResourceKind,
    lifecycle: Lifecycle<Inputs, Outputs>,
  ): pulumi.dynamic.ResourceProvider => {
    const { noun } = lifecycle;
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

    /** Whether something else that the program declares keeps the object from being deleted. */
    const keptForAnother = (id: string): boolean => {
      const holder = declarations.holderOf(kind, id);
      if (holder !== undefined) {
        options.print(`${noun} ${id} stays in Seam: ${described(holder)} has it`);
        return true;
      }
      const wanter = declarations.wanterOf(kind, id);
      if (wanter === undefined) return false;
      if (wanter.wantedId !== undefined) return true;
      throw new ResourceError(
        `could not delete ${noun} ${id}: ${described(wanter)}, which could not be created, is declared with the same values, so this may be the same person. Nothing was done to it. If the resource has a new name, give it an alias; otherwise see the error of the other one first`,
      );
    };

    return {
      // Stores and does nothing else: the engine does not wait for it before it calls the next verb.
      async configure({ config }) {
        readStackConfig = (key) => config.get(key);
      },
      check: async (olds: Properties, { [declaredAsProperty]: declaredAs, ...news }: Properties) => {
        const before: Partial<Inputs> = withoutProvider<Inputs>(olds);
        const { inputs, failures } = lifecycle.check(before, news);
        const path = declaredPath(declaredAs);
        const uniqueValues = lifecycle.uniqueValues(inputs);
        const had = lifecycle.uniqueValues(before).map(({ property, value }) => `${property} ${value}`);
        const arrives = uniqueValues.some(({ property, value }) => !had.includes(`${property} ${value}`));
        const clashes = declarations.check({
          kind,
          path,
          inputs: withoutProvider(inputs),
          arrives: arrives || Object.keys(before).length === 0,
          uniqueValues,
          wantedId: lifecycle.idFrom?.(inputs),
        });
        failures.push(
          ...changedByTransformation(declaredAs, inputs),
          ...clashes.map(({ property, other }) => ({
            reason: `it has the same ${property} as ${described(other)} of this program, and two resources cannot have one object. Remove one of them, or give each a ${property} of its own`,
          })),
        );
        return { inputs, failures: failures.map(withoutValue) };
      },
      diff: async (id: pulumi.ID, olds: Properties, news: Properties) => {
        const difference = lifecycle.diff(id, withoutProvider<Outputs>(olds), withoutProvider<Inputs>(news));
        declarations.diff(kind, id, withoutProvider(news), text(olds.workspaceId));
        if ((difference.replaces ?? []).length > 0) declarations.replaces(kind, id);
        return { ...difference, deleteBeforeReplace: true };
      },
      create: (inputs: Properties) =>
        run("create", async () => {
          const checked = withoutProvider<Inputs>(inputs);
          const self = declarations.creating(kind, withoutProvider(inputs));
          try {
            const { id, outputs } = await lifecycle.create(connected(), checked, self);
            return { id, outs: outputs };
          } catch (error) {
            if (error instanceof HalfMadeError) declarations.claim(self, error.id);
            throw error;
          }
        }),
      read: (id: pulumi.ID, props: Properties) =>
        run("read", async () => {
          const found = await lifecycle.read(connected(), id, withoutProvider<Outputs>(props));
          return found === undefined ? {} : { id, props: found.outputs, inputs: found.inputs };
        }),
      update: (id: pulumi.ID, olds: Properties, news: Properties) =>
        run("update", async () => {
          declarations.keep(kind, id, withoutProvider(news));
          const outs = await declarations.oneAtATime(`${kind} ${id}`, () =>
            lifecycle.update(connected(), id, withoutProvider<Outputs>(olds), withoutProvider<Inputs>(news)),
          );
          return { outs };
        }),
      delete: (id: pulumi.ID, props: Properties) =>
        run("delete", async () => {
          try {
            const outputs = withoutProvider<Outputs>(props);
            if (lifecycle.staysInSeam(outputs) || keptForAnother(id)) return;
            if (lifecycle.tearsDown) {
              teardownLimit ??= new TeardownLimit(readTeardownLimit(readStackConfig("seam:maxTeardowns")));
              teardownLimit.count(noun, id);
            }
            await declarations.oneAtATime(`${kind} ${id}`, () => lifecycle.delete(connected(), id, outputs));
          } finally {
            declarations.changed(kind, id);
          }
        }),
    };
  };

  return {
    userIdentity: providerOf("UserIdentity", userIdentityLifecycle),
    acsUserLink: providerOf("AcsUserLink", acsUserLinkLifecycle),
    acsUser: providerOf("AcsUser", acsUserLifecycle),
  };
}

/** The one cast of the engine's untyped bags: `check` has held the arguments to their rules, and outputs are our own. */
function withoutProvider<T extends Properties = Properties>({ __provider: _, ...bag }: Properties): T {
  return bag as T;
}

/** The engine adds the value to a failure that names a property, and prints it, secret or not. */
function withoutValue(failure: CheckFailure): pulumi.dynamic.CheckFailure {
  return { property: "", reason: failureText(failure) };
}
