import type { UniqueAttribute } from "../../../provider/resources/userIdentityAttributes";
import type { AccessGrant, AcsAccessGroup, AcsUser, Space, UserIdentity } from "../../../provider/seam/model";
import type { Finding } from "../finding";
import type { Step } from "../forecast/types";

/** One ACS user and what hangs on it. */
export interface AcsUserAtStake {
  acsUserId: string;
  acsSystemId: string;
  /** Undefined if Seam shows no name for it. */
  acsSystemName: string | undefined;
  credentials: number;
  /** How many credentials of each access method: `card`, `code`, `mobile_key`, `cloud_key`. */
  accessMethods: Readonly<Record<string, number>>;
}

/** One access grant, which opens doors by itself. */
export interface AccessGrantAtStake {
  accessGrantId: string;
  /** The names of its devices, entrances and spaces; where Seam does not say them, its own. */
  name: string | undefined;
  doors: readonly string[];
  /** How many access methods of each mode: `card`, `code`, `mobile_key`, `cloud_key`. */
  accessMethods: Readonly<Record<string, number>>;
  /** How many of them Seam has not issued yet. */
  notIssued: number;
}

/** A place that a new grant is to be for, or a door that a space gets or loses. */
export interface WantedPlace {
  kind: "space" | "entrance" | "device";
  id: string;
  /** Null where it is certainly not in the workspace, undefined where Seam says no name. */
  name: string | null | undefined;
}

/** What lies under a user identity or an ACS user. */
export interface AtStake {
  accessGrants: readonly AccessGrantAtStake[];
  acsUsers: readonly AcsUserAtStake[];
  phones: number;
  clientSessions: number;
  enrollmentAutomations: number;
}

/** Somebody who has what a resource wants. */
export interface Owner {
  name: UniqueAttribute;
  identity: UserIdentity;
  /** It has the key of an identity that was merged into it, and another one of its own. */
  merged?: boolean;
}

/** What Seam said about one step. What is absent was not asked, or not answered: then `findings` say why. */
export interface Observation {
  /** The object that the step is about; null where it is certainly gone. */
  identity?: UserIdentity | null;
  acsUser?: AcsUser | null;
  under?: AtStake;
  /** The other identities that have what this one is to get. */
  owners?: readonly Owner[];
  /** Of a new link: its ACS user, and what its identity has in the same system. */
  wantedAcsUser?: AcsUser | null;
  rivals?: readonly AcsUser[];
  /** Of an ACS user that is to be created: whether there is its access control system. */
  systemExists?: boolean;
  /** Of an ACS user that is to be created: who has its e-mail address or phone number in the same system already. */
  sameContact?: readonly AcsUser[];
  /** The access grant that the step is about; null where it is certainly gone. */
  grant?: AccessGrant | null;
  /** Of a grant that is to be created: its places (of a space: doors that it gets or loses), who has its key, and its identity; null where there is none. */
  wantedPlaces?: readonly WantedPlace[];
  keyOwner?: AccessGrant;
  grantee?: UserIdentity | null;
  /** The group of a membership that exists; null where the ACS user is certainly not in it. */
  group?: AcsAccessGroup | null;
  /** The group of a membership that is to be created; null where there is none. */
  wantedGroup?: AcsAccessGroup | null;
  /** The space that the step is about; null where it is certainly gone. */
  space?: Space | null;
  /** The access grants that give access to it, without those that Seam is deleting. */
  spaceUsers?: readonly AccessGrant[];
  /** Of a space that is to be created: the one that has its key. */
  spaceKeyOwner?: Space;
  findings: readonly Finding[];
}

/** What Seam said about a plan. */
export interface Survey {
  /** Whether any workspace was asked. */
  asked: boolean;
  of(step: Step): Observation;
  /** What Seam calls an access control system; undefined if it did not say. */
  systemName(provider: string | undefined, acsSystemId: string): string | undefined;
}
