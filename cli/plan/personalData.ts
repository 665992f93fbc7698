import { maskKeys, redact } from "../../provider/seam/redaction";
import { isNotYetKnown, isSecret } from "./forecast/values";

/** What a field holds tells who somebody is, in whatever form it is written. */
const personalFields = [
  ...["fullName", "userIdentityKey", "emailAddress", "phoneNumber"],
  // Of an access grant.
  ...["name", "accessGrantKey", "reservationKey"],
];

/** Masks names, keys, e-mail addresses and phone numbers in what a plan shows. */
export function maskField(name: string, value: unknown): unknown {
  if (typeof value !== "string" || isSecret(value) || isNotYetKnown(value)) return value;
  const masked = redact(value);
  return personalFields.includes(name) ? maskWords(masked) : masked;
}

/** Masks the e-mail addresses and phone numbers in any text: names of resources, URNs, messages. API keys are never shown. */
export function maskText(text: string, showPersonalData: boolean): string {
  return showPersonalData ? maskKeys(text) : redact(text);
}

/** `Jean Doe` becomes `J*** D***`; what is masked already stays as it is. */
function maskWords(text: string): string {
  const around = text.includes("***") ? /[^\s:;,()<>[\]|/]+/gu : /\S+/gu;
  return text.replace(around, (word) => (word.includes("***") ? word : `${[...word][0] ?? ""}***`));
}
