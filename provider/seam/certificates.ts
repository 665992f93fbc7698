/** Whether Node accepts any certificate, so that anybody between this machine and Seam can read the API key. */
export function certificatesUnchecked(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.NODE_TLS_REJECT_UNAUTHORIZED === "0";
}

/** The warning that a process prints once before it sends the key; one line without a line break. */
export const certificatesUncheckedWarning =
  "warning: NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the check of certificates, so that anybody between this machine and Seam can read the API key. Unset it; for a certificate authority of your own, set NODE_EXTRA_CA_CERTS to its file";
