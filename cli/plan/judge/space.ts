import { takeOverCommand, takeOverVariable } from "../../../provider/resources/ownership";
import { undecidedAdoption } from "../../../provider/resources/userIdentityAttributes";
import type { AccessGrant } from "../../../provider/seam/model";
import { type Finding, note, problem } from "../finding";
import { isKept, keepsAccessGrants } from "../forecast/fate";
import { newSpaceDoors } from "../forecast/spaceDoors";
import type { Door, Forecast, Step } from "../forecast/types";
import { isNotYetKnown } from "../forecast/values";
import { quoted } from "../resourceNames";
import type { Observation } from "../survey/types";
import { adoptionNotKnown } from "./adoption";
import { judgementOf } from "./judgement";
import { renameProblem } from "./renames";
import type { Context, Judgement } from "./types";

/** The maximum number of ids in a finding. */
const maxNamed = 5;

export function judgeSpace(forecast: Forecast, observation: Observation, context: Context): Judgement {
  const { step, fate, access } = forecast;
  const creates = step.does === "create" || step.does === "replace";
  const gives = creates ? newSpaceDoors(step).map((door) => doorName(door, observation)) : [];
  const staying = observation.spaceUsers?.filter((grant) => !isDeletedByPlan(grant, context));
  const usedBy = access.length === 0 ? undefined : staying?.map((grant) => grant.access_grant_id);
  const findings = [
    ...(creates ? newSpace(forecast, observation, context) : []),
    ...missingDoors(forecast, observation),
  ];
  if (step.does === "create") return judgementOf(forecast, observation, { gives, findings });
  if (step.does === "update") {
    const undecided = undecidedAdoption(step.old, step.new);
    if (undecided !== undefined) findings.push(problem(undecided));
    if (observation.space === null) findings.push(notInSeam(step));
    return judgementOf(forecast, observation, {
      usedBy,
      doorNames: observation.wantedPlaces ?? [],
      findings,
    });
  }
  if (observation.space === null) {
    findings.push(note("it is not in Seam any more"));
    return judgementOf(forecast, observation, { fate: "gone", gives, findings });
  }
  if (fate === "retained" && step.old.adopted === true && step.old.deletionPolicy === undefined) {
    findings.push(note("it was adopted, so it is released and stays in Seam"));
  }
  if (fate === "tornDown" && staying !== undefined && staying.length > 0) {
    findings.push(problem(inUse(step, staying)));
  }
  return judgementOf(forecast, observation, { gives, findings });
}

/** The name of a door, or its id if it has none. */
export function doorName({ kind, id }: Door, { wantedPlaces }: Pick<Observation, "wantedPlaces">): string {
  return wantedPlaces?.find((one) => one.kind === kind && one.id === id)?.name ?? `${kind} ${id}`;
}

/** Whether the plan deletes the grant, by itself or with its identity, or replaces it. */
function isDeletedByPlan(grant: AccessGrant, { deleting, replacing }: Context): boolean {
  const id = grant.access_grant_id;
  const own = deleting("AccessGrant", id) ?? replacing("AccessGrant", id);
  if (own !== undefined) return !isKept(own);
  const identity =
    grant.user_identity_id === null ? undefined : deleting("UserIdentity", grant.user_identity_id);
  return identity !== undefined && !isKept(identity) && !keepsAccessGrants(identity);
}

function inUse({ id }: Step, staying: readonly AccessGrant[]): string {
  const ids = staying.slice(0, maxNamed).map((grant) => grant.access_grant_id);
  const more = staying.length > ids.length ? ` and ${staying.length - ids.length} more` : "";
  const users =
    staying.length === 1
      ? "an access grant that stays gives access to it"
      : `${staying.length} access grants that stay give access to it`;
  return `space ${id} will not be deleted: ${users} (${ids.join(", ")}${more}). Remove those first, or set \`deletionPolicy: "retain"\` in a run of its own, which leaves the space in Seam`;
}

function notInSeam({ id }: Step): Finding {
  return problem(`space ${id} is not in Seam any more. Run \`pulumi refresh\`, then run the plan again`);
}

/** Reports doors of the space that do not exist in the workspace. */
function missingDoors({ step, access }: Forecast, { wantedPlaces = [] }: Observation): Finding[] {
  const removed = access.flatMap(({ does, doors = [] }) => (does === "removeDoors" ? doors : []));
  return wantedPlaces
    .filter(({ name, id }) => name === null && !removed.some((door) => door.id === id))
    .flatMap(({ kind, id }) =>
      step.does === "delete"
        ? []
        : [problem(`there is no ${kind} ${id} in the API key's workspace: check the id and the key`)],
    );
}

/** Reports another space that already has the key of the new one. */
function newSpace(
  { step, renamedFrom, fate }: Forecast,
  observation: Observation,
  context: Context,
): Finding[] {
  if (renamedFrom !== undefined) return [problem(renameProblem(step, renamedFrom))];
  const id = observation.spaceKeyOwner?.space_id;
  if (id === undefined || (id === step.id && fate !== "retained")) return [];
  const conflict = `space ${id} has its spaceKey already`;
  const [holder] = context.holders("Space", id);
  if (holder !== undefined) {
    return [
      problem(
        `${conflict}, which ${quoted(holder.name)} of this program has: use that resource, or give another spaceKey`,
      ),
    ];
  }
  if (context.takeOver.has(id)) return [note(`it takes over space ${id}, which ${takeOverVariable} names`)];
  if (step.new.adopt === true) return [note(`it adopts space ${id}`)];
  if (isNotYetKnown(step.new.adopt)) {
    return [adoptionNotKnown(conflict)];
  }
  return [
    problem(
      `${conflict}: set \`adopt: true\` if it is the same space, run ${takeOverCommand(id)} once if an interrupted run of this stack left it, or give another spaceKey`,
    ),
  ];
}
