const emailAddress = /([\p{L}\p{N}])[\p{L}\p{N}._%+'-]*@([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/gu;
const phoneNumber = /\+\d{5,13}(\d{2})\b/g;
const secret = /\bseam_[A-Za-z0-9_]{6,}/g;

/**
 * Masks what must not reach a log or an error: e-mail addresses (`j***@example.com`), E.164 phone numbers
 * (`+***10`) and anything that looks like a Seam API key. Seam quotes such values in its own messages.
 */
export function redact(text: string): string {
  return text.replace(emailAddress, "$1***@$2").replace(phoneNumber, "+***$1").replace(secret, "seam_***");
}
