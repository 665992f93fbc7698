import { maskKeys, redact } from "../../provider/seam/redaction";
import { isNotYetKnown, isSecret } from "./forecast/values";

/** Fields whose values identify a person, in any format. */
const personalFields = [
  ...["fullName", "userIdentityKey", "emailAddress", "phoneNumber"],
  // Of an access grant.
  ...["name", "accessGrantKey", "reservationKey"],
];

/** Masks names, keys, e-mail addresses and phone numbers in the values that a plan shows. */
export function maskField(name: string, value: unknown): unknown {
  if (typeof value !== "string" || isSecret(value) || isNotYetKnown(value)) return value;
  const masked = redact(value);
  return personalFields.includes(name) ? maskWords(masked) : masked;
}

/** Masks e-mail addresses and phone numbers in any text: names of resources, URNs, messages. API keys are always masked. */
export function maskText(text: string, showPersonalData: boolean): string {
  return showPersonalData ? maskKeys(text) : redact(text);
}

/** `Jean Doe` becomes `J*** D***`; words that are masked already stay as they are. */
function maskWords(text: string): string {
  const around = text.includes("***") ? /[^\s:;,()<>[\]|/]+/gu : /\S+/gu;
  return text.replace(around, (word) => (word.includes("***") ? word : `${[...word][0] ?? ""}***`));
}
