import * as v from "valibot";

/** Schemas of Seam's objects in responses, reduced to what this package reads. */

const optionalText = v.optional(v.nullable(v.string()), null);

const issue = v.object({
  error_code: v.optional(v.string()),
  warning_code: v.optional(v.string()),
  message: v.optional(v.string(), ""),
});
/** An entry of an object's `errors` or `warnings`. */
export type Issue = v.InferOutput<typeof issue>;

const issues = v.optional(v.array(issue), []);
const ids = v.nullish(v.array(v.string()), []);

export const userIdentity = v.object({
  user_identity_id: v.string(),
  user_identity_key: optionalText,
  email_address: optionalText,
  phone_number: optionalText,
  full_name: optionalText,
  display_name: v.optional(v.nullable(v.string()), null),
  acs_user_ids: v.optional(v.array(v.string()), []),
  created_at: v.string(),
  workspace_id: v.string(),
  /** The identities that were merged into this one, and the keys that they had. */
  merged_user_identity_ids: ids,
  merged_user_identity_keys: ids,
  errors: issues,
  warnings: issues,
});
export type UserIdentity = v.InferOutput<typeof userIdentity>;

const accessSchedule = v.object({
  starts_at: v.optional(v.nullable(v.string()), null),
  ends_at: v.optional(v.nullable(v.string()), null),
});

/** A change that Seam accepted and has not applied to the access control system yet. */
const pendingMutation = v.object({
  mutation_code: v.optional(v.string(), ""),
  /** For a deferred change of access groups: the group, and `adding` or `removing`. */
  acs_access_group_id: v.optional(v.string()),
  variant: v.optional(v.string()),
});

export const acsUser = v.object({
  acs_user_id: v.string(),
  acs_system_id: v.string(),
  workspace_id: v.string(),
  user_identity_id: optionalText,
  display_name: optionalText,
  full_name: optionalText,
  email_address: optionalText,
  phone_number: optionalText,
  is_suspended: v.optional(v.boolean(), false),
  access_schedule: v.optional(v.nullable(accessSchedule), null),
  created_at: v.optional(v.string(), ""),
  pending_mutations: v.nullish(v.array(pendingMutation), []),
  errors: issues,
  warnings: issues,
});
export type AcsUser = v.InferOutput<typeof acsUser>;

export const acsCredential = v.object({
  acs_credential_id: v.string(),
  acs_user_id: optionalText,
  user_identity_id: optionalText,
  acs_system_id: v.optional(v.string(), ""),
  access_method: v.optional(v.string(), ""),
  display_name: optionalText,
  errors: issues,
  warnings: issues,
});
export type AcsCredential = v.InferOutput<typeof acsCredential>;

export const enrollmentAutomation = v.object({
  enrollment_automation_id: v.string(),
  user_identity_id: optionalText,
  errors: issues,
  warnings: issues,
});
export type EnrollmentAutomation = v.InferOutput<typeof enrollmentAutomation>;

export const phone = v.object({
  device_id: v.string(),
  display_name: optionalText,
  errors: issues,
  warnings: issues,
});
export type Phone = v.InferOutput<typeof phone>;

// The token is not parsed, so it cannot be logged.
export const clientSession = v.object({
  client_session_id: v.string(),
  user_identity_id: optionalText,
  user_identity_ids: ids,
});
export type ClientSession = v.InferOutput<typeof clientSession>;

const requestedAccessMethod = v.object({
  mode: v.optional(v.string(), ""),
  created_access_method_ids: ids,
});

// client_session_token, instant_key_url and requested codes are not parsed.
export const accessGrant = v.object({
  access_grant_id: v.string(),
  user_identity_id: optionalText,
  access_grant_key: optionalText,
  reservation_key: optionalText,
  access_method_ids: ids,
  space_ids: ids,
  requested_access_methods: v.nullish(v.array(requestedAccessMethod), []),
  name: optionalText,
  display_name: optionalText,
  starts_at: optionalText,
  /** Null for a grant without an end. */
  ends_at: optionalText,
  workspace_id: optionalText,
  created_at: v.optional(v.string(), ""),
  errors: issues,
  warnings: issues,
});
export type AccessGrant = v.InferOutput<typeof accessGrant>;

const place = { display_name: optionalText, name: optionalText };
const id = v.optional(v.string());

/** The places that access grants give access to, which the grants themselves do not name. */
export const accessGrantPlaces = v.object({
  devices: v.nullish(v.array(v.object({ ...place, device_id: id, space_ids: ids })), []),
  acs_entrances: v.nullish(v.array(v.object({ ...place, acs_entrance_id: id, space_ids: ids })), []),
  spaces: v.nullish(v.array(v.object({ ...place, space_id: id })), []),
  /** The owners of the grants, which show that the response is about the right ones. */
  user_identities: v.nullish(v.array(v.object({ user_identity_id: id })), []),
});
export type AccessGrantPlaces = v.InferOutput<typeof accessGrantPlaces>;

// code, client_session_token and instant_key_url are not parsed.
export const accessMethod = v.object({
  access_method_id: v.string(),
  /** `code`, `card`, `mobile_key` or `cloud_key`. */
  mode: v.optional(v.string(), ""),
  is_issued: v.optional(v.boolean(), false),
  /** Somebody has to encode a card, or choose one, before the method is issued. */
  is_encoding_required: v.optional(v.boolean(), false),
  is_assignment_required: v.optional(v.boolean(), false),
  display_name: optionalText,
  errors: issues,
  warnings: issues,
});
export type AccessMethod = v.InferOutput<typeof accessMethod>;

export const acsAccessGroup = v.object({
  acs_access_group_id: v.string(),
  acs_system_id: v.string(),
  workspace_id: v.string(),
  name: v.optional(v.string(), ""),
  display_name: optionalText,
});
export type AcsAccessGroup = v.InferOutput<typeof acsAccessGroup>;

export const acsSystem = v.object({
  acs_system_id: v.string(),
  name: v.optional(v.string(), ""),
  workspace_id: v.optional(v.string(), ""),
});
export type AcsSystem = v.InferOutput<typeof acsSystem>;

export const acsEntrance = v.object({
  acs_entrance_id: v.string(),
  acs_system_id: v.optional(v.string(), ""),
  display_name: v.optional(v.string(), ""),
  space_ids: ids,
});
export type AcsEntrance = v.InferOutput<typeof acsEntrance>;

export const space = v.object({
  space_id: v.string(),
  space_key: optionalText,
  name: v.optional(v.string(), ""),
  display_name: optionalText,
  workspace_id: v.optional(v.string(), ""),
  created_at: v.optional(v.string(), ""),
});
export type Space = v.InferOutput<typeof space>;

export const device = v.object({
  device_id: v.string(),
  device_type: v.optional(v.string(), ""),
  /** The name that a person gave the device, if any. */
  nickname: optionalText,
  display_name: v.optional(v.string(), ""),
  space_ids: ids,
  workspace_id: v.optional(v.string(), ""),
});
export type Device = v.InferOutput<typeof device>;

export const workspace = v.object({
  workspace_id: v.string(),
  name: v.optional(v.string(), ""),
  is_sandbox: v.optional(v.boolean(), false),
});
export type Workspace = v.InferOutput<typeof workspace>;

export const event = v.object({
  event_id: v.optional(v.string(), ""),
  event_type: v.string(),
  created_at: v.string(),
  acs_user_id: v.optional(v.string()),
  acs_credential_id: v.optional(v.string()),
  device_id: v.optional(v.string()),
  enrollment_automation_id: v.optional(v.string()),
  client_session_id: v.optional(v.string()),
  access_grant_id: v.optional(v.string()),
  access_method_id: v.optional(v.string()),
});
export type SeamEvent = v.InferOutput<typeof event>;

/** The envelope of every error response. */
export const errorBody = v.object({
  error: v.object({ type: v.optional(v.string()), message: v.optional(v.string()) }),
});

/** The pagination of a listing; absent from listings without pages. */
export const pagination = v.optional(
  v.object({
    has_next_page: v.boolean(),
    next_page_cursor: v.optional(v.nullable(v.string()), null),
  }),
);
