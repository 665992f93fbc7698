/** Whether Node was started so that it accepts any certificate: anybody on the way to Seam can then read the API key. */
export function certificatesUnchecked(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.NODE_TLS_REJECT_UNAUTHORIZED === "0";
}

/** What a process that is about to send the key says once; a line without its end. */
export const certificatesUncheckedWarning =
  "warning: NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the check of certificates, so that anybody between this machine and Seam can read the API key. Unset it; for a certificate authority of your own, set NODE_EXTRA_CA_CERTS to its file";
