/** Sends a request to Seam and returns the response. */
export type Post = (path: string, body: object) => Promise<Record<string, unknown[]>>;

type Row = Record<string, string>;

/**
 * Seam's documented procedure, step by step as documented: in series, and polling events without a pause. Only what does not
 * run is fixed: `client_session_id`, the `since` that events need, and the missing wait for phones.
 */
export async function seedProcedure(post: Post, userIdentityId: string): Promise<void> {
  const since = new Date(Date.now() - 1000).toISOString();
  const list = async (path: string, body: object, name: string): Promise<Row[]> =>
    (await post(path, body))[name] as Row[];
  const waitFor = async (eventType: string, idName: string, id: string | undefined): Promise<void> => {
    for (;;) {
      const events = await list("/events/list", { event_type: eventType, since }, "events");
      if (events.some((event) => event[idName] === id)) return;
    }
  };

  const sessions = await list(
    "/client_sessions/list",
    { user_identity_id: userIdentityId },
    "client_sessions",
  );
  for (const { client_session_id } of sessions) await post("/client_sessions/delete", { client_session_id });

  const users = await list("/acs/users/list", { user_identity_id: userIdentityId }, "acs_users");
  for (const { acs_user_id } of users) {
    const credentials = await list("/acs/credentials/list", { acs_user_id }, "acs_credentials");
    for (const { acs_credential_id } of credentials)
      await post("/acs/credentials/delete", { acs_credential_id });
    await Promise.all(
      credentials.map((one) => waitFor("acs_credential.deleted", "acs_credential_id", one.acs_credential_id)),
    );
    await post("/acs/users/delete", { acs_user_id });
  }
  await Promise.all(users.map((one) => waitFor("acs_user.deleted", "acs_user_id", one.acs_user_id)));

  const prefix = "/user_identities/enrollment_automations";
  const automations = await list(
    `${prefix}/list`,
    { user_identity_id: userIdentityId },
    "enrollment_automations",
  );
  for (const { enrollment_automation_id } of automations) {
    await post(`${prefix}/delete`, { enrollment_automation_id });
  }
  await Promise.all(
    automations.map((one) =>
      waitFor("enrollment_automation.deleted", "enrollment_automation_id", one.enrollment_automation_id),
    ),
  );

  const phones = await list("/phones/list", { owner_user_identity_id: userIdentityId }, "phones");
  for (const { device_id } of phones) await post("/phones/deactivate", { device_id });
  await Promise.all(phones.map((one) => waitFor("phone.deactivated", "device_id", one.device_id)));

  await post("/user_identities/delete", { user_identity_id: userIdentityId });
}
