import type { Finding } from "../finding";
import type { AccessChange, Fate, FieldChange, Forecast, Handover, Step } from "../forecast/types";
import type { AccessGrantAtStake, AcsUserAtStake, AtStake, Survey, WantedPlace } from "../survey/types";

/** An access group, as far as it is known. */
export interface Group {
  id: string;
  name: string | undefined;
}

/** What a step will do in Seam, as far as it is known. */
export interface Judgement {
  step: Step;
  /** Of a delete or replacement: what happens to the object in Seam. */
  fate: Fate | undefined;
  /** Of a teardown: what is deleted. Undefined if Seam was not queried, or did not answer. */
  takes: AtStake | undefined;
  /** ACS users that are kept although the identity, or their resource, is deleted. */
  keeps: readonly AcsUserAtStake[] | undefined;
  /** Access grants that are kept although the identity, or their resource, is deleted. */
  keepsGrants: readonly AccessGrantAtStake[] | undefined;
  /** Of a new access grant or space: the places that it is for, or its doors, by name if known. */
  gives: readonly string[];
  /** Of a membership: the access group that the ACS user leaves, and the one that it joins. */
  groups: { leaves: Group | undefined; joins: Group | undefined } | undefined;
  /** Of a space whose doors change: the ids of the access grants for it that stay. Undefined if not known. */
  usedBy: readonly string[] | undefined;
  /** Of a space: the doors that it gains or loses, with their names as far as Seam shows them. */
  doorNames: readonly WantedPlace[];
  /** The identity that the object belongs to in Seam. */
  identityInSeam: string | undefined;
  /** Of a create: the id of the existing ACS user or access grant that it adopts or takes over. */
  existing: string | undefined;
  /** Of an update or adoption: the ACS users, access grants and credentials that it affects. */
  touches: AtStake | undefined;
  /** The access control system of an ACS user, link or membership, if known. */
  system: { id: string; name: string | undefined } | undefined;
  /** Of a delete or replacement that Pulumi skips: the URN in its `deletedWith`. */
  skippedWith: string | undefined;
  changes: readonly FieldChange[];
  access: readonly AccessChange[];
  handover: Handover | undefined;
  removedAttributes: readonly string[];
  findings: readonly Finding[];
}

/** What the judgement of one step needs to know about the others. */
export interface Context {
  survey: Survey;
  forecasts: readonly Forecast[];
  /** By the URN of the resource. Of two steps for one URN, the one that is not a delete. */
  byUrn: ReadonlyMap<string, Step>;
  /** The step that deletes, replaces or updates the object with this id in Seam. */
  deleting: (resource: Step["resource"], id: string) => Step | undefined;
  replacing: (resource: Step["resource"], id: string) => Step | undefined;
  updating: (resource: Step["resource"], id: string) => Step | undefined;
  /** The declared resources that keep this object, including unchanged ones if they are listed. */
  holders: (resource: Step["resource"], id: string) => readonly Step[];
  /** Whether all unchanged resources are listed. */
  listsUnchanged: boolean;
  /** Whether the preview contains dependencies. */
  showsDependencies: boolean;
  /** Ids of objects that a person named for this run only. */
  takeOver: ReadonlySet<string>;
  now: Date;
}
