import { text } from "../../../provider/resources/verbs";
import type { AcsUser } from "../../../provider/seam/model";
import { type Finding, note, problem, unchecked } from "../finding";
import type { Forecast, Step } from "../forecast/types";
import { isNotYetKnown } from "../forecast/values";
import { quoted } from "../resourceNames";
import type { Sight } from "../survey/types";
import { judgementOf } from "./judgement";
import { renameProblem } from "./renames";
import type { Context, Judgement } from "./types";

export function judgeAcsUser(forecast: Forecast, sight: Sight, context: Context): Judgement {
  const { step, fate, renamedFrom } = forecast;
  const found = [
    ...(sight.systemExists === false ? [noSystem(step)] : []),
    ...(renamedFrom === undefined
      ? existing(step, sight.alike ?? [], context)
      : [problem(renameProblem(step, renamedFrom))]),
  ];
  if (step.does === "create") return judgementOf(forecast, sight, { findings: found });
  if (step.does === "update") {
    const findings = sight.acsUser === null ? [notInSeam(step)] : [];
    return judgementOf(forecast, sight, { touches: sight.under, findings });
  }
  if (sight.acsUser === null) {
    const findings = [...found, note("it is not in Seam any more")];
    return judgementOf(forecast, sight, { fate: "gone", findings });
  }
  return fate === "retained"
    ? judgementOf(forecast, sight, { keeps: sight.under?.acsUsers, findings: found })
    : judgementOf(forecast, sight, { takes: sight.under, findings: found });
}

function noSystem(step: Step): Finding {
  return problem(
    `there is no access control system ${text(step.new.acsSystemId)} in the API key's workspace: check acsSystemId and the key`,
  );
}

function notInSeam({ id }: Step): Finding {
  return problem(`ACS user ${id} is not in Seam any more. Run \`pulumi refresh\`, then look again`);
}

/** Whether the system has somebody with this e-mail address already. */
function existing(step: Step, alike: readonly AcsUser[], context: Context): Finding[] {
  const [first, ...others] = alike.map((user) => user.acs_user_id);
  if (first === undefined) return [];
  const ids = [first, ...others].join(", ");
  if (others.length > 0) {
    return [
      problem(
        `its access control system has several ACS users with its e-mail address (${ids}): import the one that it is to be`,
      ),
    ];
  }
  const [holder] = context.holders("AcsUser", first);
  if (holder !== undefined) {
    return [
      problem(
        `its access control system has ACS user ${first} with its e-mail address already, which ${quoted(holder.name)} of this program has: use that resource, or give another e-mail address`,
      ),
    ];
  }
  if (context.takeOver.has(first))
    return [note(`it takes over ACS user ${first}, which SEAM_TAKE_OVER names`)];
  if (step.new.adopt === true) return [note(`it adopts ACS user ${first}`)];
  if (isNotYetKnown(step.new.adopt)) {
    return [
      unchecked(
        `its access control system has ACS user ${first} with its e-mail address, and whether it adopts that one is not known yet: the value of \`adopt\` is known at the apply`,
      ),
    ];
  }
  return [
    problem(
      `its access control system has ACS user ${first} with its e-mail address already: set \`adopt: true\` if it is the same person, import it, or give another e-mail address`,
    ),
  ];
}
