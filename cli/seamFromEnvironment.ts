import { hasApiKey, readConfig } from "../provider/config";
import { certificatesUnchecked, certificatesUncheckedWarning } from "../provider/seam/certificates";
import { SeamClient } from "../provider/seam/client";
import { version } from "../provider/version";
import { printError } from "./output";
import { NoApiKeyError } from "./seamFailure";

/**
 * A client with the settings of the environment: `SEAM_API_KEY` and `SEAM_ENDPOINT`.
 *
 * @throws ConfigError
 */
export function seamFromEnvironment(): SeamClient {
  if (!hasApiKeyInEnvironment()) throw new NoApiKeyError();
  if (certificatesUnchecked()) printError(certificatesUncheckedWarning);
  return new SeamClient({ ...readConfig(() => undefined), userAgent: `pulumi-seam-cli/${version}` });
}

export function hasApiKeyInEnvironment(): boolean {
  return hasApiKey(() => undefined);
}
