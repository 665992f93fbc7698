import { takeOverCommand, takeOverVariable } from "../../../provider/resources/ownership";
import { text } from "../../../provider/resources/properties";
import { attributes } from "../../../provider/resources/userIdentityAttributes";
import { sameValue } from "../../../provider/seam/lookup";
import type { AcsUser } from "../../../provider/seam/model";
import { type Finding, note, problem } from "../finding";
import { isKept } from "../forecast/fate";
import type { Forecast, Step } from "../forecast/types";
import { isNotYetKnown, shownValues } from "../forecast/values";
import { quoted } from "../resourceNames";
import type { Observation } from "../survey/types";
import { adoptionNotKnown, adoptionOf, type Existing, fails } from "./adoption";
import { judgementOf } from "./judgement";
import { renameProblem } from "./renames";
import type { Context, Judgement } from "./types";

export function judgeAcsUser(forecast: Forecast, observation: Observation, context: Context): Judgement {
  const { step, fate, renamedFrom } = forecast;
  const there: Existing =
    renamedFrom === undefined
      ? existing(step, observation.sameContact ?? [], context)
      : fails(renameProblem(step, renamedFrom));
  const found = [...(observation.systemExists === false ? [noSystem(step)] : []), ...there.findings];
  const creates = step.does === "create" || step.does === "replace";
  const adoption = creates
    ? adoptionOf(step, { ...there, findings: found }, observation, identifiedBy, context)
    : {};
  if (step.does === "create") return judgementOf(forecast, observation, { ...adoption, findings: found });
  if (step.does === "update") {
    const findings = observation.acsUser === null ? [notInSeam(step)] : [];
    return judgementOf(forecast, observation, { touches: observation.under, findings });
  }
  if (observation.acsUser === null) {
    const findings = [...found, note("it is not in Seam any more")];
    return judgementOf(forecast, observation, { ...adoption, fate: "gone", findings });
  }
  return judgementOf(forecast, observation, {
    ...adoption,
    ...(fate === "retained" ? { keeps: observation.under?.acsUsers } : { takes: observation.under }),
    findings: found,
  });
}

const identifiedBy = ["acsSystemId", "emailAddress", "phoneNumber"];

function noSystem(step: Step): Finding {
  return problem(
    `there is no access control system ${text(step.new.acsSystemId)} in the API key's workspace: check acsSystemId and the key`,
  );
}

function notInSeam({ id }: Step): Finding {
  return problem(`ACS user ${id} is not in Seam any more. Run \`pulumi refresh\`, then run the plan again`);
}

/** Reports ACS users of the same system that already have this e-mail address or phone number. */
function existing(step: Step, alike: readonly AcsUser[], context: Context): Existing {
  const [first, ...others] = alike;
  if (first === undefined) return { findings: [] };
  const id = first.acs_user_id;
  const [named, ...moreNamed] = alike.filter((user) => context.takeOver.has(user.acs_user_id));
  if (named !== undefined && moreNamed.length === 0) {
    const findings = [note(`it takes over ACS user ${named.acs_user_id}, which ${takeOverVariable} names`)];
    return { findings, object: managed(named, true) };
  }
  if (others.length > 0) {
    const ids = alike.map((user) => user.acs_user_id).join(", ");
    return fails(
      `its access control system has several ACS users with its e-mail address or phone number (${ids}): compare them in the Seam console, then run ${takeOverCommand("<id>")} with the right one, or import it`,
    );
  }
  const conflict = `its access control system has ACS user ${id} with its e-mail address or phone number already`;
  const [holder] = context.holders("AcsUser", id);
  if (holder !== undefined) {
    return fails(
      `${conflict}, which ${quoted(holder.name)} of this program has: use that resource, or give another e-mail address and phone number`,
    );
  }
  const deletedAcsUser = context.deleting("AcsUser", id);
  if (deletedAcsUser !== undefined && !isKept(deletedAcsUser))
    return fails(renameProblem(step, deletedAcsUser));
  if (step.new.adopt === true) {
    const contradicted = (["emailAddress", "phoneNumber"] as const).find((name) => {
      const [wanted, has] = [text(shownValues(step.new)[name]), first[attributes[name]]];
      return wanted !== undefined && has !== null && !sameValue(attributes[name], has, wanted);
    });
    if (contradicted === undefined) {
      return { findings: [note(`it adopts ACS user ${id}`)], object: managed(first, true) };
    }
    return fails(
      `it would adopt ACS user ${id}, which has another ${contradicted}, so it may be another person's: give the one that it has if it is the same person, or leave it out`,
    );
  }
  if (isNotYetKnown(step.new.adopt)) {
    return { findings: [adoptionNotKnown(conflict)], object: managed(first, false) };
  }
  return fails(
    `${conflict}: set \`adopt: true\` if it is the same person, import it, run ${takeOverCommand(id)} once if an interrupted run of this stack left it, or give another e-mail address and phone number`,
  );
}

/** The access of an existing ACS user, in the terms of the arguments. */
function managed(user: AcsUser, isCertain: boolean): Existing["object"] {
  const { acs_user_id: id, is_suspended, access_schedule: schedule } = user;
  const access = {
    suspended: is_suspended,
    ...(schedule === null
      ? {}
      : { accessSchedule: { startsAt: schedule.starts_at, endsAt: schedule.ends_at } }),
  };
  return { id, access, isCertain };
}
