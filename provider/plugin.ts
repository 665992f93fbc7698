/**
 * The module that Pulumi's plugin process loads, named by the text that every resource stores in its state. Nothing exported
 * here may ever be renamed or removed; see `dynamic/stateReference.ts`.
 */

import { exitWithEngine } from "./dynamic/engine";
import { dynamicProviders, shownWithResource } from "./dynamic/dynamicProviders";

export const { userIdentity, acsUserLink, acsUser, acsAccessGroupMembership, accessGrant, space } =
  dynamicProviders({
    print: (line) => console.log(`pulumi-seam: ${line}`),
  });

exitWithEngine();

// Without this, the terminal would show a failed read or delete twice, the first time as a stack trace.
const printError = console.error.bind(console);
console.error = (...printed: unknown[]): void => {
  const [first] = printed;
  if (typeof first === "string" && first.endsWith(shownWithResource)) return;
  printError(...printed);
};
