import type * as pulumi from "@pulumi/pulumi";
import { ConfigError, type ConfigReader, readConfig } from "../config";
import { type ConnectionOptions, connect } from "../connection";
import { accessGrantLifecycle } from "../resources/accessGrant";
import { acsAccessGroupMembershipLifecycle } from "../resources/acsAccessGroupMembership";
import { acsUserLifecycle } from "../resources/acsUser";
import { acsUserLinkLifecycle } from "../resources/acsUserLink";
import { type Declaration, Declarations, described, type ResourceKind } from "../resources/declarations";
import type { CheckFailure, Lifecycle, Operation } from "../resources/lifecycle";
import { takeOverIds } from "../resources/ownership";
import { type Properties, text } from "../resources/properties";
import { explain, PartialResourceError, ResourceError } from "../resources/resourceErrors";
import { spaceLifecycle } from "../resources/space";
import { StackWorkspace } from "../resources/stackWorkspace";
import { readTeardownLimit, TeardownLimit } from "../resources/teardownLimit";
import { userIdentityLifecycle } from "../resources/userIdentity";
import { failureText } from "../resources/validation";
import { changedByTransformation, declaredAsProperty, declaredPath } from "./declaredAs";

/** The provider objects that the texts in states refer to. */
export interface DynamicProviders {
  userIdentity: pulumi.dynamic.ResourceProvider;
  acsUserLink: pulumi.dynamic.ResourceProvider;
  acsUser: pulumi.dynamic.ResourceProvider;
  acsAccessGroupMembership: pulumi.dynamic.ResourceProvider;
  accessGrant: pulumi.dynamic.ResourceProvider;
  space: pulumi.dynamic.ResourceProvider;
}

/** Replaces the stack trace of a failure that is shown with its resource. */
export const shownWithResource = "(shown with the resource)";

type Verb = "create" | "read" | "update" | "delete";

const settingsOfLastUp =
  "`pulumi refresh` and `pulumi destroy` read the settings that the stack had at the last `pulumi up`; with --run-program they read the current ones";

/** What to know about a setting that is to be corrected. Creates and updates read the current settings. */
const adviceOnSettings: Readonly<Partial<Record<Verb, string>>> = {
  read: settingsOfLastUp,
  delete: settingsOfLastUp,
};

/** Creates the providers of all resources, with one shared connection to Seam that is opened when it is first needed. */
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
    const run = async <T>(verb: Verb, act: () => Promise<T>): Promise<T> => {
      try {
        return await act();
      } catch (error) {
        const next = error instanceof ConfigError ? adviceOnSettings[verb] : undefined;
        const failure = explain(`${verb} the ${noun}`, error, next);
        // The plugin process prints the stack of an error of a read or delete, and then also reports the message.
        failure.stack = shownWithResource;
        throw failure;
      }
    };

    /** Whether the object is not deleted because another declared resource has it or needs it. */
    const belongsToAnother = async (id: string, outputs: Properties): Promise<boolean> => {
      const holder = declarations.holderOf(kind, id);
      if (holder !== undefined) {
        // Pulumi skips the links of an identity that it deletes, even if another resource has the identity by now.
        if (kind === "UserIdentity" && holder.isNew)
          await assertLinksDeclared(connected(), id, holder, outputs.acsUserIds);
        options.print(`${noun} ${id} stays in Seam: ${described(holder)} has it`);
        return true;
      }
      const needing = declarations.resourceNeeding(kind, id);
      if (needing === undefined) return false;
      if (needing.wantedId !== undefined) return true;
      throw new ResourceError(
        `could not delete ${noun} ${id}: ${described(needing)}, which could not be created, is declared with the same values, so this may be the same person. Nothing was done to it. If the resource has a new name, give it an alias; otherwise see the error of the other one first`,
      );
    };

    return {
      // Only stores the configuration: the engine does not wait for it before it calls the next method.
      async configure({ config }) {
        readStackConfig = (key) => config.get(key);
      },
      check: async (olds: Properties, { [declaredAsProperty]: declaredAs, ...news }: Properties) => {
        const before: Partial<Inputs> = withoutProvider<Inputs>(olds);
        const { inputs, failures } = lifecycle.check(before, news);
        const path = declaredPath(declaredAs);
        // Values that an earlier version recorded are compared in their current form.
        const had = lifecycle.uniqueValues(lifecycle.check(before, before).inputs);
        const uniqueValues = lifecycle.uniqueValues(inputs).map((unique) => ({
          ...unique,
          isNew: !had.some(({ property, value }) => property === unique.property && value === unique.value),
        }));
        const clashes = declarations.check({
          kind,
          path,
          inputs: withoutProvider(inputs),
          isNew: Object.keys(before).length === 0,
          uniqueValues,
          wantedId: lifecycle.idFrom?.(inputs),
        });
        failures.push(
          ...changedByTransformation(declaredAs, inputs, (path) => declarations.identityAt(path)),
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
        const { createFirst = false, ...result } = difference;
        return { ...result, deleteBeforeReplace: !createFirst };
      },
      create: (inputs: Properties) =>
        run("create", () =>
          declarations.during(async () => {
            const checked = withoutProvider<Inputs>(inputs);
            const self = declarations.creating(kind, withoutProvider(inputs));
            try {
              const { id, outputs } = await lifecycle.create(connected(), checked, self);
              return { id, outs: outputs };
            } catch (error) {
              if (error instanceof PartialResourceError) {
                declarations.claim(self, error.id);
                keepProvider(error, inputs);
              }
              throw error;
            }
          }),
        ),
      read: (id: pulumi.ID, props: Properties) =>
        run("read", async () => {
          const found = await lifecycle.read(connected(), id, withoutProvider<Outputs>(props));
          return found === undefined ? {} : { id, props: found.outputs, inputs: found.inputs };
        }),
      update: (id: pulumi.ID, olds: Properties, news: Properties) =>
        run("update", () =>
          declarations.during(async () => {
            declarations.keep(kind, id, withoutProvider(news));
            try {
              const outs = await declarations.oneAtATime(`${kind} ${id}`, () =>
                lifecycle.update(
                  connected(),
                  id,
                  withoutProvider<Outputs>(olds),
                  withoutProvider<Inputs>(news),
                ),
              );
              return { outs };
            } catch (error) {
              declarations.fail(kind, id);
              if (error instanceof PartialResourceError) keepProvider(error, news);
              throw error;
            }
          }),
        ),
      delete: (id: pulumi.ID, props: Properties) =>
        run("delete", () =>
          declarations.during(async () => {
            try {
              const outputs = withoutProvider<Outputs>(props);
              if (lifecycle.staysInSeam(outputs)) return declarations.release(kind, id);
              if (await belongsToAnother(id, outputs)) return;
              if (lifecycle.tearsDown) {
                teardownLimit ??= new TeardownLimit(readTeardownLimit(readStackConfig("seam:maxTeardowns")));
                teardownLimit.count(noun, id);
              }
              await declarations.oneAtATime(`${kind} ${id}`, () =>
                lifecycle.delete(connected(), id, outputs),
              );
            } finally {
              declarations.changed(kind, id);
            }
          }),
        ),
    };
  };

  return {
    userIdentity: providerOf("UserIdentity", userIdentityLifecycle),
    acsUserLink: providerOf("AcsUserLink", acsUserLinkLifecycle),
    acsUser: providerOf("AcsUser", acsUserLifecycle),
    acsAccessGroupMembership: providerOf("AcsAccessGroupMembership", acsAccessGroupMembershipLifecycle),
    accessGrant: providerOf("AccessGrant", accessGrantLifecycle),
    space: providerOf("Space", spaceLifecycle),
  };
}

/** The prefix of derived keys; see `pathOf`. */
const derivedKeyPrefix = "pulumi:";

/**
 * Asserts that the ACS users and grants of a remaining identity are declared. The identity stays because a resource under
 * another name has it now, and Pulumi skipped the links of the old resource.
 *
 * @throws ResourceError that names the ACS users or grants that no resource declares
 */
async function assertLinksDeclared(
  { client, declarations }: Operation,
  id: string,
  holder: Declaration,
  linkedBefore: unknown,
): Promise<void> {
  // ACS users that were linked before the program linked any belong to the app.
  const known: unknown[] = Array.isArray(linkedBefore) ? linkedBefore : [];
  const linked = await client.listAcsUsers({ user_identity_id: id });
  const undeclared = linked.filter(
    (user) =>
      user.user_identity_id === id &&
      !known.includes(user.acs_user_id) &&
      !declarations.declaresLink(id, user.acs_user_id),
  );
  const grants = await client.listAccessGrants({ user_identity_id: id });
  const undeclaredGrants = grants.filter(
    (grant) =>
      grant.user_identity_id === id &&
      // Grants with other keys may belong to the app.
      grant.access_grant_key?.startsWith(derivedKeyPrefix) === true &&
      declarations.holderOf("AccessGrant", grant.access_grant_id) === undefined,
  );
  if (undeclaredGrants.length > 0) {
    const ids = undeclaredGrants.map((grant) => grant.access_grant_id).join(", ");
    throw new ResourceError(
      `could not drop user identity ${id} from the state: it stays in Seam because ${described(holder)} has it, and no resource declares its access grants ${ids}, which still open doors. Nothing was done to them. Declare them, or change or delete them in the Seam console; to leave them unchanged, run the same command again`,
    );
  }
  if (undeclared.length === 0) return;
  const ids = undeclared.map((user) => user.acs_user_id).join(", ");
  throw new ResourceError(
    `could not drop user identity ${id} from the state: it stays in Seam because ${described(holder)} has it, and no resource declares the links of its ACS users ${ids}, which keep their access. Nothing was done to them. Declare those links, or remove them in the Seam console; to leave them unchanged, run the same command again`,
  );
}

/** Keeps the text in `__provider`, without which the resource could neither be refreshed nor deleted. */
function keepProvider(error: PartialResourceError, { __provider }: Properties): void {
  if (__provider !== undefined) error.properties.__provider = __provider;
}

/** Casts the engine's untyped properties, in this place only: `check` has validated the arguments, and outputs come from this package. */
function withoutProvider<T extends Properties = Properties>({ __provider: _, ...bag }: Properties): T {
  return bag as T;
}

/** The engine adds the value to a failure that names a property, and prints it, secret or not. */
function withoutValue(failure: CheckFailure): pulumi.dynamic.CheckFailure {
  return { property: "", reason: failureText(failure) };
}
