import * as pulumi from "@pulumi/pulumi";
import { certificatesUnchecked, certificatesUncheckedWarning } from "../seam/certificates";

/** Which warnings were given, for every copy of this package in the process. */
const givenKey = Symbol.for("pulumi-seam.key-warnings");
const given = givenWarnings();

/**
 * Warns in the program, once per process, if the stack's configuration has the API key in plain text: whoever can read the stack's
 * file or its history has the key.
 */
export function warnOfPlaintextKey(): void {
  const apiKey = pulumi.runtime.allConfig()["seam:apiKey"];
  if (apiKey === undefined || apiKey.trim() === "" || isSecret("seam:apiKey")) return;
  warnOnce(
    "the API key in the stack's configuration (seam:apiKey) is in plain text. Make a new key in the Seam console, set it with `pulumi config set --secret seam:apiKey`, and then delete the old one in the console",
  );
}

/** Warns in the program, once per process, before a lookup sends the API key past an unchecked certificate. */
export function warnOfUncheckedCertificates(): void {
  if (certificatesUnchecked()) warnOnce(certificatesUncheckedWarning);
}

function warnOnce(text: string): void {
  if (given.has(text)) return;
  given.add(text);
  pulumi.log.warn(`pulumi-seam: ${text}`).catch(() => {
    // The engine is gone; nobody is there to be warned.
  });
}

/**
 * The SDK knows which settings are secret, and leaves it out of its types. Without the list that the language host hands over, it
 * would call none secret: then nothing is claimed.
 */
function isSecret(setting: string): boolean {
  const ask: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  if (typeof ask !== "function" || process.env.PULUMI_CONFIG_SECRET_KEYS === undefined) return true;
  return Reflect.apply(ask, undefined, [setting]) === true;
}

function givenWarnings(): Set<unknown> {
  const known: unknown = Reflect.get(globalThis, givenKey);
  if (known instanceof Set) return known;
  const made = new Set<unknown>();
  Reflect.set(globalThis, givenKey, made);
  return made;
}
