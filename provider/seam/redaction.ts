import { maskEmailAddresses, maskPhoneNumbers } from "./personalDataInText";
import { maskProtectedKeys } from "./protectedKeys";

export { protectKey } from "./protectedKeys";

/** Text that has the form of a Seam API key, whether it is in use or not. */
const keyPattern = /seam_[A-Za-z0-9_]{6,}|api_key_(?=[A-Za-z_]{0,64}\d)[A-Za-z0-9_]{8,}/g;

/**
 * Masks what must not appear in a log or an error: the API keys in use (see {@link protectKey}) in any form, anything with the
 * form of a Seam API key, e-mail addresses (`j***@example.com`) and international phone numbers (`+***10`). Seam quotes such
 * values in its own messages. Takes time proportional to the length of the text.
 */
export function redact(text: string): string {
  return maskPhoneNumbers(maskEmailAddresses(maskKeys(text)));
}

/** Masks only API keys, for output that shows personal data on purpose. */
export function maskKeys(text: string): string {
  return maskProtectedKeys(text).replace(keyPattern, "seam_***");
}
