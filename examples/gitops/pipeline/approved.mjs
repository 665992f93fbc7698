// Fails unless plan.json is exactly the approved plan, byte for byte.
import { digestOf } from "./planDigest.mjs";

const approved = (process.env.APPROVED_PLAN ?? "").trim();
const found = digestOf("plan.json");
if (approved === "") {
  console.error(
    "No plan was approved. APPROVED_PLAN must be the digest that the job `plan` shows below its table.",
  );
  process.exitCode = 1;
} else if (approved !== found) {
  console.error(
    `The approved plan is ${approved}, but plan.json is ${found}. Nothing was applied. Approve the newest plan.`,
  );
  process.exitCode = 1;
} else {
  console.log(`plan.json is the approved plan, ${found}`);
}
