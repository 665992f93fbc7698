import * as pulumi from "@pulumi/pulumi";
import { certificatesUnchecked, certificatesUncheckedWarning } from "../seam/certificates";

/** The warnings that were printed, shared by all copies of this package in the process. */
const printedKey = Symbol.for("pulumi-seam.key-warnings");
const printed = printedWarnings();

/**
 * Warns in the program, once per process, if the stack's configuration has the API key in plain text, where anybody who can
 * read the stack's file or its history can read it.
 */
export function warnOfPlaintextKey(): void {
  const apiKey = pulumi.runtime.allConfig()["seam:apiKey"];
  if (apiKey === undefined || apiKey.trim() === "" || isSecret("seam:apiKey")) return;
  warnOnce(
    "the API key in the stack's configuration (seam:apiKey) is in plain text. Make a new key in the Seam console, set it with `pulumi config set --secret seam:apiKey`, and then delete the old one in the console",
  );
}

/** Warns in the program, once per process, before a lookup sends the API key without checking certificates. */
export function warnOfUncheckedCertificates(): void {
  if (certificatesUnchecked()) warnOnce(certificatesUncheckedWarning);
}

function warnOnce(text: string): void {
  if (printed.has(text)) return;
  printed.add(text);
  pulumi.log.warn(`pulumi-seam: ${text}`).catch(() => {
    // The engine has ended, so nobody would see the warning.
  });
}

/**
 * Whether a setting is secret. The SDK has this function, but not in its types. Without the list from the language host it
 * would report no setting as secret, so every setting counts as secret then.
 */
function isSecret(setting: string): boolean {
  const isConfigSecret: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  if (typeof isConfigSecret !== "function" || process.env.PULUMI_CONFIG_SECRET_KEYS === undefined)
    return true;
  return Reflect.apply(isConfigSecret, undefined, [setting]) === true;
}

function printedWarnings(): Set<unknown> {
  const known: unknown = Reflect.get(globalThis, printedKey);
  if (known instanceof Set) return known;
  const created = new Set<unknown>();
  Reflect.set(globalThis, printedKey, created);
  return created;
}
