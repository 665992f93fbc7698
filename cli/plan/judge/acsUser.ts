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
import { adoptionNotKnown } from "./adoption";
import { judgementOf } from "./judgement";
import { renameProblem } from "./renames";
import type { Context, Judgement } from "./types";

export function judgeAcsUser(forecast: Forecast, observation: Observation, context: Context): Judgement {
  const { step, fate, renamedFrom } = forecast;
  const found = [
    ...(observation.systemExists === false ? [noSystem(step)] : []),
    ...(renamedFrom === undefined
      ? existing(step, observation.sameContact ?? [], context)
      : [problem(renameProblem(step, renamedFrom))]),
  ];
  if (step.does === "create") return judgementOf(forecast, observation, { findings: found });
  if (step.does === "update") {
    const findings = observation.acsUser === null ? [notInSeam(step)] : [];
    return judgementOf(forecast, observation, { touches: observation.under, findings });
  }
  if (observation.acsUser === null) {
    const findings = [...found, note("it is not in Seam any more")];
    return judgementOf(forecast, observation, { fate: "gone", findings });
  }
  return fate === "retained"
    ? judgementOf(forecast, observation, { keeps: observation.under?.acsUsers, findings: found })
    : judgementOf(forecast, observation, { takes: observation.under, findings: found });
}

function noSystem(step: Step): Finding {
  return problem(
    `there is no access control system ${text(step.new.acsSystemId)} in the API key's workspace: check acsSystemId and the key`,
  );
}

function notInSeam({ id }: Step): Finding {
  return problem(`ACS user ${id} is not in Seam any more. Run \`pulumi refresh\`, then run the plan again`);
}

/** Reports ACS users of the same system that already have this e-mail address or phone number. */
function existing(step: Step, alike: readonly AcsUser[], context: Context): Finding[] {
  const [first, ...others] = alike;
  if (first === undefined) return [];
  const id = first.acs_user_id;
  const named = alike.filter((user) => context.takeOver.has(user.acs_user_id));
  if (named.length === 1) {
    return [note(`it takes over ACS user ${named[0]?.acs_user_id}, which ${takeOverVariable} names`)];
  }
  if (others.length > 0) {
    const ids = alike.map((user) => user.acs_user_id).join(", ");
    return [
      problem(
        `its access control system has several ACS users with its e-mail address or phone number (${ids}): compare them in the Seam console, then run ${takeOverCommand("<id>")} with the right one, or import it`,
      ),
    ];
  }
  const conflict = `its access control system has ACS user ${id} with its e-mail address or phone number already`;
  const [holder] = context.holders("AcsUser", id);
  if (holder !== undefined) {
    return [
      problem(
        `${conflict}, which ${quoted(holder.name)} of this program has: use that resource, or give another e-mail address and phone number`,
      ),
    ];
  }
  const deletedAcsUser = context.deleting("AcsUser", id);
  if (deletedAcsUser !== undefined && !isKept(deletedAcsUser))
    return [problem(renameProblem(step, deletedAcsUser))];
  if (step.new.adopt === true) {
    const contradicted = (["emailAddress", "phoneNumber"] as const).find((name) => {
      const [wanted, has] = [text(shownValues(step.new)[name]), first[attributes[name]]];
      return wanted !== undefined && has !== null && !sameValue(attributes[name], has, wanted);
    });
    return contradicted === undefined
      ? [note(`it adopts ACS user ${id}`)]
      : [
          problem(
            `it would adopt ACS user ${id}, which has another ${contradicted}, so it may be another person's: give the one that it has if it is the same person, or leave it out`,
          ),
        ];
  }
  if (isNotYetKnown(step.new.adopt)) {
    return [adoptionNotKnown(conflict)];
  }
  return [
    problem(
      `${conflict}: set \`adopt: true\` if it is the same person, import it, run ${takeOverCommand(id)} once if an interrupted run of this stack left it, or give another e-mail address and phone number`,
    ),
  ];
}
