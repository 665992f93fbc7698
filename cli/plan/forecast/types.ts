/** Names of the resources of this package, as their type tokens end. */
export const resourceKinds = [
  "UserIdentity",
  "AcsUserLink",
  "AcsUser",
  "AccessGrant",
  "AcsAccessGroupMembership",
  "Space",
] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** What Pulumi is going to do with one of this package's resources. */
export interface Step {
  /** `same`: it stays as it is; a preview lists such resources only with `--show-sames`. */
  does: "create" | "update" | "replace" | "delete" | "same";
  resource: ResourceKind;
  urn: string;
  /** The resource's name in the program. */
  name: string;
  /** Seam's id (of a link or membership both, with a slash between), where the resource exists. */
  id: string | undefined;
  /** Outputs in the state, and the inputs that the program gives; without Pulumi's own. */
  old: Readonly<Record<string, unknown>>;
  new: Readonly<Record<string, unknown>>;
  /** The code that the state and the program want to run for it, as far as the preview shows it. */
  code: { old: unknown; new: unknown };
  /** The resource with which it is deleted, so that nothing is done for itself. */
  deletedWith: string | undefined;
  /** What the state says it depends on, its parent included: Pulumi deletes it before these. */
  dependsOn: readonly string[];
  /** What it depends on in the program as it is now. */
  comesAfter: readonly string[];
  /** Pulumi only forgets it: `retainOnDelete`. */
  retained: boolean;
  /** The name of a provider of the program's own, which may be for another workspace. */
  provider: string | undefined;
}

/** What becomes of something in Seam when its resource is deleted or replaced. */
export type Fate = "tornDown" | "retained" | "gone" | "unlinked" | "removed" | "withIdentity";

/** One argument before and after. */
export interface FieldChange {
  name: string;
  from: unknown;
  to: unknown;
}

/** An update that makes somebody else of an identity or ACS user. */
export interface Handover {
  /** The resource of the same plan that had what this one gets, if there is one. */
  from: Step | undefined;
  /** The people are named by their place in a list, and the list has moved. */
  byIndex: boolean;
  /** Attributes that are secret before and after, and may be what stays the same. */
  hidden: readonly string[];
}

/** Access that changes while the ACS user or the access grant stays. */
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
  /** ISO 8601; until when there is access afterwards, and from when. */
  until?: string;
  from?: string;
  /** How many access methods of each mode are removed or added. */
  methods?: Readonly<Record<string, number>>;
  /** Doors that a space loses or gets. */
  doors?: readonly Door[];
}

/** One door of a space. */
export interface Door {
  kind: "entrance" | "device";
  id: string;
}

/** What the preview alone tells of one step. */
export interface Forecast {
  step: Step;
  /** Of a delete or replacement. */
  fate: Fate | undefined;
  /** Of an update or replacement. */
  changes: readonly FieldChange[];
  /** Of a create: the deleted resource that it looks to be under a new name. */
  renamedFrom: Step | undefined;
  handover: Handover | undefined;
  access: readonly AccessChange[];
  /** Attributes of a person that an update removes. */
  removedAttributes: readonly string[];
}
