import { immutableFields, placeLists, sameArgument } from "../../../provider/resources/accessGrantArguments";
import { takeOverCommand, takeOverVariable } from "../../../provider/resources/ownership";
import { text } from "../../../provider/resources/properties";
import { undecidedAdoption } from "../../../provider/resources/userIdentityAttributes";
import { isBeingDeleted } from "../../../provider/seam/beingDeleted";
import type { AccessGrant } from "../../../provider/seam/model";
import { type Finding, note, problem } from "../finding";
import { isKept } from "../forecast/fate";
import { wantedPlaces } from "../forecast/places";
import type { Forecast, Step } from "../forecast/types";
import { isNotYetKnown, shownValues } from "../forecast/values";
import { quoted } from "../resourceNames";
import type { AccessGrantAtStake, AtStake, Observation } from "../survey/types";
import { adoptionNotKnown, adoptionOf, type Existing, fails } from "./adoption";
import { judgementOf } from "./judgement";
import { renameProblem } from "./renames";
import type { Context, Judgement } from "./types";

export function judgeAccessGrant(forecast: Forecast, observation: Observation, context: Context): Judgement {
  const { step, fate } = forecast;
  const under = withNames(observation.under, step);
  const creates = step.does === "create" || step.does === "replace";
  const gives = creates ? givenDoors(step, observation) : [];
  const there = creates ? newGrant(forecast, observation, context) : { findings: [] };
  const findings = [...there.findings, ...ownerMismatch(step, observation)];
  const adoption = creates ? adoptionOf(step, there, observation, ["accessGrantKey"], context) : {};
  const given = { ...adoption, gives };
  if (step.does === "create") return judgementOf(forecast, observation, { ...given, findings });
  if (step.does === "update") {
    const undecided = undecidedAdoption(step.old, step.new);
    if (undecided !== undefined) findings.push(problem(undecided));
    const { grant } = observation;
    if (grant === null || (grant !== undefined && isBeingDeleted(grant))) findings.push(notInSeam(step));
    return judgementOf(forecast, observation, { touches: under, findings });
  }
  if (fate === "withIdentity") return judgementOf(forecast, observation, { findings });
  if (fate === "retained" && forecast.skippedWith === undefined && !isKept(step)) {
    findings.push(skippedDeletion(step, context));
  }
  if (observation.grant === null) {
    findings.push(note("it is not in Seam any more"));
    return judgementOf(forecast, observation, { ...given, fate: "gone", findings });
  }
  if (fate !== "retained") return judgementOf(forecast, observation, { ...given, takes: under, findings });
  if (step.old.adopted === true && step.old.deletionPolicy === undefined && !step.retained) {
    findings.push(note("it was adopted, so it is released and stays in Seam"));
  }
  return judgementOf(forecast, observation, { ...given, keepsGrants: under?.accessGrants, findings });
}

/** Adds the door names from the program's lookups to grants for which Seam shows none. */
function withNames(under: AtStake | undefined, { old }: Step): AtStake | undefined {
  const doors = Array.isArray(old.doors) ? old.doors.flatMap((one: unknown) => text(one) ?? []) : [];
  if (under === undefined || doors.length === 0) return under;
  const named = (grant: AccessGrantAtStake): AccessGrantAtStake =>
    grant.doors.length > 0 ? grant : { ...grant, doors, name: doors.join(" and ") };
  return { ...under, accessGrants: under.accessGrants.map(named) };
}

/** The doors of a new grant by name, or by id if no name is known. */
function givenDoors(step: Step, { wantedPlaces: seen }: Observation): string[] {
  const { places, unknown, doors, areNamed } = wantedPlaces(step);
  if (areNamed) return doors;
  const later = unknown === 0 ? [] : ["places that are known at the apply"];
  if (seen !== undefined) return [...seen.map(({ kind, id, name }) => name ?? `${kind} ${id}`), ...later];
  if (doors.length > 0) return [...doors, "other places"];
  return [...places.map(({ kind, id }) => `${kind} ${id}`), ...later];
}

function notInSeam({ id }: Step): Finding {
  return problem(
    `access grant ${id} is not in Seam any more. Run \`pulumi refresh\`, then run the plan again`,
  );
}

/** Reports a grant that nothing deletes: Pulumi skips a grant that is deleted with its identity, and the identity is retained. */
function skippedDeletion({ id, name, deletedWith = "" }: Step, { byUrn }: Context): Finding {
  const identity = quoted(byUrn.get(deletedWith)?.name ?? deletedWith);
  return problem(
    `access grant ${id} stays in Seam and still opens doors: in the state it is deleted with ${identity}, which keeps it, so nothing is done for it. Leave ${quoted(name)} in the program for one more \`pulumi up\`, which records that it has a step of its own, and remove it then; where a transformation makes ${identity} stay, give ${quoted(name)} the option \`deletedWith: undefined\``,
  );
}

/** Reports a grant that is for another identity in Seam than in the state: its access would otherwise not be reviewed. */
function ownerMismatch({ id, old }: Step, { grant }: Observation): Finding[] {
  const [recorded, now] = [text(old.userIdentityId), grant?.user_identity_id ?? undefined];
  if (recorded === undefined || now === undefined || isSame(recorded, now)) return [];
  return [
    problem(
      `access grant ${id} is for user identity ${now} in Seam, and for ${recorded} in the state, so it is unknown whose access this is: run \`pulumi refresh\`, then run the plan again`,
    ),
  ];
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The reasons why creating a grant, or creating it again, will fail, and the existing one that it adopts. */
function newGrant(forecast: Forecast, observation: Observation, context: Context): Existing {
  const { step, renamedFrom } = forecast;
  const shown = shownValues(step.new);
  const findings: Finding[] = [];
  const userIdentityId = text(shown.userIdentityId);
  const deletedIdentity =
    userIdentityId === undefined ? undefined : context.deleting("UserIdentity", userIdentityId);
  if (deletedIdentity !== undefined) {
    findings.push(
      problem(
        `it is for the user identity of ${quoted(deletedIdentity.name)}, which this plan deletes: give it the identity of somebody who stays`,
      ),
    );
  } else if (observation.grantee === null) {
    findings.push(
      problem(
        `there is no user identity ${userIdentityId} in the API key's workspace: check userIdentityId and the key`,
      ),
    );
  }
  if (observation.grantee != null && isBeingDeleted(observation.grantee)) {
    findings.push(
      problem(
        `user identity ${userIdentityId} is being deleted in Seam: if the person is to have access, create the identity again when it is gone`,
      ),
    );
  }
  for (const { kind, id, name } of observation.wantedPlaces ?? []) {
    if (name !== null) continue;
    findings.push(problem(`there is no ${kind} ${id} in the API key's workspace: check the id and the key`));
  }
  const endsAt = text(shown.endsAt);
  if (endsAt !== undefined && Date.parse(endsAt) <= context.now.getTime()) {
    findings.push(note(`it ended at ${endsAt} already, so it opens nothing`));
  }
  if (renamedFrom !== undefined) findings.push(problem(renameProblem(step, renamedFrom)));
  else if (keepsKey(forecast)) {
    findings.push(
      problem(
        `its present grant ${step.id} stays in Seam and keeps the accessGrantKey, so no other one can get it: give this one another accessGrantKey, or set \`deletionPolicy: "teardown"\` in a run of its own first`,
      ),
    );
  } else {
    const there = keyConflict(forecast, observation.keyOwner, context);
    return { ...there, findings: [...findings, ...there.findings] };
  }
  return { findings };
}

/** Whether a replacement needs the key of its own old grant, which is retained. */
function keepsKey({ step, fate }: Forecast): boolean {
  const key = text(shownValues(step.new).accessGrantKey);
  return (
    step.does === "replace" && fate === "retained" && key !== undefined && key === step.old.accessGrantKey
  );
}

/** Reports another grant that already has the key of the new one. */
function keyConflict({ step, fate }: Forecast, owner: AccessGrant | undefined, context: Context): Existing {
  if (owner === undefined) return { findings: [] };
  const id = owner.access_grant_id;
  if (id === step.id && fate !== "retained") return { findings: [] };
  const conflict = `access grant ${id} has its accessGrantKey already`;
  const [holder] = context.holders("AccessGrant", id);
  if (holder !== undefined) {
    return fails(
      `${conflict}, which ${quoted(holder.name)} of this program has: use that resource, or give another accessGrantKey`,
    );
  }
  if (isBeingDeleted(owner)) {
    return fails(`${conflict}, and Seam is deleting that one: run the plan again when it is gone`);
  }
  const different = differentIdentity(step, owner);
  if (different !== undefined) return fails(`${conflict}, ${different}: give another accessGrantKey`);
  if (context.takeOver.has(id)) {
    const findings = [note(`it takes over access grant ${id}, which ${takeOverVariable} names`)];
    return { findings, object: managed(owner, true) };
  }
  if (step.new.adopt === true) {
    const findings = [note(`it adopts access grant ${id}, if that one is for the same places`)];
    return { findings, object: managed(owner, true) };
  }
  if (isNotYetKnown(step.new.adopt)) {
    return { findings: [adoptionNotKnown(conflict)], object: managed(owner, false) };
  }
  return fails(
    `${conflict}: set \`adopt: true\` if it is the same grant, import it, run ${takeOverCommand(id)} once if an interrupted run of this stack left it, or give another accessGrantKey`,
  );
}

/** The access of an existing grant, in the terms of the arguments. */
function managed(grant: AccessGrant, isCertain: boolean): Existing["object"] {
  const { access_grant_id: id, starts_at: startsAt, ends_at: endsAt, requested_access_methods } = grant;
  const requestedAccessMethods = (requested_access_methods ?? []).map(({ mode }) => ({ mode }));
  return { id, access: { startsAt, endsAt, requestedAccessMethods }, isCertain };
}

function differentIdentity(step: Step, owner: AccessGrant): string | undefined {
  const wanted = text(shownValues(step.new).userIdentityId);
  const has = owner.user_identity_id ?? undefined;
  if (wanted === undefined || has === undefined || isSame(wanted, has)) return undefined;
  return `for user identity ${has}, and an existing grant cannot be moved to another identity`;
}

/** Which immutable arguments of a grant a replacement changes. */
export function replacedFor({ old, new: inputs }: Step): { doors: boolean; identity: boolean } {
  const changed = immutableFields.filter((name) => !sameArgument(name, old[name], inputs[name]));
  return {
    doors: changed.some((name) => placeLists.some((list) => list === name)),
    identity: changed.includes("userIdentityId"),
  };
}
