import type { UniqueAttribute } from "../../../provider/resources/userIdentityAttributes";
import type { AccessGrant, AcsAccessGroup, AcsUser, Space, UserIdentity } from "../../../provider/seam/model";
import type { Finding } from "../finding";
import type { Step } from "../forecast/types";

/** One ACS user and its credentials. */
export interface AcsUserAtStake {
  acsUserId: string;
  acsSystemId: string;
  /** Undefined if Seam shows no name for the system. */
  acsSystemName: string | undefined;
  credentials: number;
  /** The number of credentials for each access method: `card`, `code`, `mobile_key`, `cloud_key`. */
  accessMethods: Readonly<Record<string, number>>;
}

/** One access grant. It opens doors without an ACS user. */
export interface AccessGrantAtStake {
  accessGrantId: string;
  /** The names of its devices, entrances and spaces; if Seam does not show them, its own name. */
  name: string | undefined;
  doors: readonly string[];
  /** The number of access methods for each mode: `card`, `code`, `mobile_key`, `cloud_key`. */
  accessMethods: Readonly<Record<string, number>>;
  /** The number of access methods that Seam has not issued yet. */
  notIssued: number;
}

/** A place of a new grant, or a door that a space gains or loses. */
export interface WantedPlace {
  kind: "space" | "entrance" | "device";
  id: string;
  /** Null if it is certainly not in the workspace, undefined if Seam shows no name. */
  name: string | null | undefined;
}

/** The dependents of a user identity or an ACS user. */
export interface AtStake {
  accessGrants: readonly AccessGrantAtStake[];
  acsUsers: readonly AcsUserAtStake[];
  phones: number;
  clientSessions: number;
  enrollmentAutomations: number;
}

/** An identity that has a unique attribute which a resource needs. */
export interface Owner {
  name: UniqueAttribute;
  identity: UserIdentity;
  /** The key belonged to an identity that was merged into this one, which has another key. */
  merged?: boolean;
}

/** What Seam shows about one step. An absent field was not queried, or the query failed: then `findings` has the reason. */
export interface Observation {
  /** The object that the step is about; null if it is certainly gone. */
  identity?: UserIdentity | null;
  acsUser?: AcsUser | null;
  under?: AtStake;
  /** Other identities that have the unique attributes of this one. */
  owners?: readonly Owner[];
  /** Of a new link: its ACS user, and the other ACS users of its identity in the same system. */
  wantedAcsUser?: AcsUser | null;
  rivals?: readonly AcsUser[];
  /** Of a new ACS user: whether its access control system exists. */
  systemExists?: boolean;
  /** Of a new ACS user: those that already have its e-mail address or phone number in the same system. */
  sameContact?: readonly AcsUser[];
  /** Of a create with `adopt: true`: the existing ACS user or access grant, with what it opens. */
  adopted?: AtStake;
  /** The access grant that the step is about; null if it is certainly gone. */
  grant?: AccessGrant | null;
  /**
   * Of a new grant: its places (of a space: the doors that it gains or loses), the grant that has its key, and its identity,
   * null if there is none.
   */
  wantedPlaces?: readonly WantedPlace[];
  keyOwner?: AccessGrant;
  grantee?: UserIdentity | null;
  /** The group of an existing membership; null if the ACS user is certainly not in it. */
  group?: AcsAccessGroup | null;
  /** The group of a new membership; null if there is none. */
  wantedGroup?: AcsAccessGroup | null;
  /** The space that the step is about; null if it is certainly gone. */
  space?: Space | null;
  /** The access grants for the space, without those that Seam is deleting. */
  spaceUsers?: readonly AccessGrant[];
  /** Of a new space: the one that already has its key. */
  spaceKeyOwner?: Space;
  findings: readonly Finding[];
}

/** What Seam shows about a plan. */
export interface Survey {
  /** Whether any workspace was queried. */
  asked: boolean;
  of(step: Step): Observation;
  /** The name of an access control system in Seam; undefined if not known. */
  systemName(provider: string | undefined, acsSystemId: string): string | undefined;
}
