/** Names of this package's resources, as at the end of their type tokens. */
export const resourceKinds = [
  "UserIdentity",
  "AcsUserLink",
  "AcsUser",
  "AccessGrant",
  "AcsAccessGroupMembership",
  "Space",
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** What Pulumi will do with one of this package's resources. */
export interface Step {
  /** `same`: it does not change; a preview lists such resources only with `--show-sames`. */
  does: "create" | "update" | "replace" | "delete" | "same";
  resource: ResourceKind;
  urn: string;
  /** The resource's name in the program. */
  name: string;
  /** Seam's id (of a link or membership: both ids, with a slash between), if the resource exists. */
  id: string | undefined;
  /** The outputs in the state, and the inputs that the program gives; without Pulumi's own properties. */
  old: Readonly<Record<string, unknown>>;
  new: Readonly<Record<string, unknown>>;
  /** The provider code of the state and of the program, as far as the preview shows it. */
  code: { old: unknown; new: unknown };
  /** The URN of the resource with which it is deleted, so that Pulumi does nothing for this one. */
  deletedWith: string | undefined;
  /** The URNs that it depends on in the state, its parent included: Pulumi deletes it before these. */
  dependsOn: readonly string[];
  /** The URNs that it depends on in the current program. */
  comesAfter: readonly string[];
  /** Pulumi deletes it from the state only: `retainOnDelete`. */
  retained: boolean;
  /** The name of an explicit provider of the program, which may be for another workspace. */
  provider: string | undefined;
}

/** What happens to an object in Seam when its resource is deleted or replaced. */
export type Fate = "tornDown" | "retained" | "gone" | "unlinked" | "removed" | "withIdentity";

/** One argument before and after. */
export interface FieldChange {
  name: string;
  from: unknown;
  to: unknown;
}

/** An update that hands an identity or ACS user over to another person, or may do so. */
export interface Handover {
  /** The resource of the same plan that had the value that this one gets, if there is one. */
  from: Step | undefined;
  /** The people are named by their position in a list, and the list has shifted. */
  byIndex: boolean;
  /** Attributes that may stay the same, because the preview does not show them before or after: then it is not certain. */
  hidden: readonly string[];
}

/** A change of access while the ACS user or the access grant stays. */
export interface AccessChange {
  /** `unknown`: the preview does not show whether access is lost. */
  does:
    | "suspend"
    | "unsuspend"
    | "shorten"
    | "extend"
    | "reschedule"
    | "unlink"
    | "leaveGroup"
    | "removeMethods"
    | "addMethods"
    | "removeDoors"
    | "addDoors"
    | "unknown";
  /** ISO 8601: when the access ends after the change, and when it starts. */
  until?: string;
  from?: string;
  /** How many access methods of each mode are removed or added. */
  methods?: Readonly<Record<string, number>>;
  /** Doors that a space loses or gains. */
  doors?: readonly Door[];
}

/** One door of a space. */
export interface Door {
  kind: "entrance" | "device";
  id: string;
}

/** What the preview alone shows about one step. */
export interface Forecast {
  step: Step;
  /** Of a delete or replacement. */
  fate: Fate | undefined;
  /** Of a delete or replacement that Pulumi skips because of a resource that does not have the object: the URN of that one. */
  skippedWith: string | undefined;
  /** Of an update or replacement. */
  changes: readonly FieldChange[];
  /** Of a create: the deleted resource that it seems to be, under a new name. */
  renamedFrom: Step | undefined;
  handover: Handover | undefined;
  access: readonly AccessChange[];
  /** Attributes of a person that an update removes. */
  removedAttributes: readonly string[];
}
