import type { Finding } from "../finding";
import type { AccessChange, Fate, FieldChange, Forecast, Handover, Step } from "../forecast/types";
import type { AccessGrantAtStake, AcsUserAtStake, AtStake, Survey, WantedPlace } from "../survey/types";

/** An access group, as far as it is known. */
export interface Group {
  id: string;
  name: string | undefined;
}

/** What a step will do in Seam, as far as it can be seen. */
export interface Judgement {
  step: Step;
  /** Of a delete or replacement: what becomes of the object in Seam. */
  fate: Fate | undefined;
  /** Of a teardown: what is deleted. Undefined if Seam was not asked, or did not answer. */
  takes: AtStake | undefined;
  /** ACS users that stay although something else is deleted. */
  keeps: readonly AcsUserAtStake[] | undefined;
  /** Access grants that stay although their resource, or something else, is deleted. */
  keepsGrants: readonly AccessGrantAtStake[] | undefined;
  /** Of a new access grant or space: the places that it is for, or its doors, by name where that is known. */
  gives: readonly string[];
  /** Of a membership: the access group that it ends in, and the one that it begins in. */
  groups: { leaves: Group | undefined; joins: Group | undefined } | undefined;
  /** Of a space whose doors change: the access grants for it that stay. Undefined if that is not known. */
  usedBy: readonly string[] | undefined;
  /** Of a space: the doors that it gets or loses, by name where Seam says it. */
  doorNames: readonly WantedPlace[];
  /** The identity that Seam shows the object to be of. */
  identityInSeam: string | undefined;
  /** Of an update: the ACS users, access grants and credentials that it is about. */
  touches: AtStake | undefined;
  /** The access control system that an ACS user or link is in, as far as it is known. */
  system: { id: string; name: string | undefined } | undefined;
  changes: readonly FieldChange[];
  access: readonly AccessChange[];
  handover: Handover | undefined;
  removedAttributes: readonly string[];
  findings: readonly Finding[];
}

/** Whatever judging one step may need to know of the others. */
export interface Context {
  survey: Survey;
  forecasts: readonly Forecast[];
  /** By the URN of the resource; what is only deleted is last. */
  byUrn: ReadonlyMap<string, Step>;
  /** The steps that delete, replace or change the object with this id in Seam. */
  deleting: (resource: Step["resource"], id: string) => Step | undefined;
  replacing: (resource: Step["resource"], id: string) => Step | undefined;
  updating: (resource: Step["resource"], id: string) => Step | undefined;
  /** The declared resources that keep this object, unchanged ones included where they are listed. */
  holders: (resource: Step["resource"], id: string) => readonly Step[];
  /** Whether everything that stays as it is is listed. */
  listsUnchanged: boolean;
  /** Whether the preview says what depends on what. */
  showsDependencies: boolean;
  /** Ids of objects that a person named for this one run. */
  takeOver: ReadonlySet<string>;
  now: Date;
}
