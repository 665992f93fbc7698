// Objects as Seam's API shows them.

/** An entry of `errors` or `warnings`. */
export interface Notice {
  created_at: string;
  message: string;
  error_code?: string;
  warning_code?: string;
}

export interface UserIdentity {
  user_identity_id: string;
  user_identity_key: string | null;
  email_address: string | null;
  phone_number: string | null;
  full_name: string | null;
  display_name: string;
  acs_user_ids: string[];
  merged_user_identity_ids: string[];
  merged_user_identity_keys: string[];
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
  workspace_id: string;
}

/** An unmanaged identity that Seam found in an access control system. */
export type UnmanagedUserIdentity = Omit<UserIdentity, "user_identity_key">;

/** When access starts and ends; it has no end if that is null. */
export interface AccessSchedule {
  starts_at: string;
  ends_at: string | null;
}

export interface AcsUser {
  acs_user_id: string;
  acs_system_id: string;
  connected_account_id: string;
  workspace_id: string;
  user_identity_id?: string;
  user_identity_email_address?: string | null;
  user_identity_full_name?: string | null;
  user_identity_phone_number?: string | null;
  display_name: string;
  full_name: string;
  email_address?: string;
  phone_number?: string;
  access_schedule?: AccessSchedule;
  is_suspended: boolean;
  is_managed: true;
  last_successful_sync_at: string | null;
  pending_mutations: unknown[];
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

/** How a credential or an access method opens doors. */
export type AccessMode = "code" | "card" | "mobile_key" | "cloud_key";

export interface AcsCredential {
  acs_credential_id: string;
  acs_user_id: string;
  acs_system_id: string;
  connected_account_id: string;
  workspace_id: string;
  user_identity_id?: string;
  access_method: AccessMode;
  display_name: string;
  is_managed: true;
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface EnrollmentAutomation {
  enrollment_automation_id: string;
  user_identity_id: string;
  credential_manager_acs_system_id: string;
  workspace_id: string;
  created_at: string;
  errors: Notice[];
  warnings: Notice[];
}

export interface Phone {
  device_id: string;
  device_type: "ios_phone" | "android_phone";
  display_name: string;
  custom_metadata: Record<string, unknown>;
  properties: Record<string, unknown>;
  workspace_id: string;
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface ClientSession {
  client_session_id: string;
  user_identity_id?: string;
  user_identity_ids: string[];
  user_identifier_key: string | null;
  connect_webview_ids: string[];
  connected_account_ids: string[];
  device_count: number;
  token: string;
  expires_at: string;
  workspace_id: string;
  created_at: string;
}

export interface AcsSystem {
  acs_system_id: string;
  name: string;
  external_type: string;
  external_type_display_name: string;
  connected_account_id: string;
  connected_account_ids: string[];
  image_alt_text: string;
  image_url: string;
  is_credential_manager: boolean;
  location: { time_zone: string | null };
  workspace_id: string;
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface AcsEntrance {
  acs_entrance_id: string;
  acs_system_id: string;
  connected_account_id: string;
  display_name: string;
  space_ids: string[];
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface AcsAccessGroup {
  acs_access_group_id: string;
  acs_system_id: string;
  connected_account_id: string;
  workspace_id: string;
  name: string;
  display_name: string;
  access_group_type: string;
  access_group_type_display_name: string;
  external_type: string;
  external_type_display_name: string;
  is_managed: true;
  pending_mutations: unknown[];
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

/** A smart lock. */
export interface Device {
  device_id: string;
  device_type: "schlage_lock";
  display_name: string;
  space_ids: string[];
  capabilities_supported: string[];
  properties: Record<string, unknown>;
  custom_metadata: Record<string, unknown>;
  connected_account_id: string;
  can_program_online_access_codes: boolean;
  is_managed: true;
  workspace_id: string;
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface Space {
  space_id: string;
  space_key?: string;
  name: string;
  display_name: string;
  customer_key?: string;
  device_count: number;
  acs_entrance_count: number;
  workspace_id: string;
  created_at: string;
}

export interface AccessGrant {
  access_grant_id: string;
  access_grant_key?: string;
  user_identity_id: string;
  access_method_ids: string[];
  requested_access_methods: RequestedAccessMethod[];
  space_ids: string[];
  location_ids: string[];
  reservation_key?: string;
  name: string | null;
  display_name: string;
  display_status: string;
  starts_at: string;
  ends_at: string | null;
  /** A secret. */
  client_session_token?: string;
  /** A secret. */
  instant_key_url?: string;
  pending_mutations: unknown[];
  errors: Notice[];
  warnings: Notice[];
  workspace_id: string;
  created_at: string;
}

export interface RequestedAccessMethod {
  mode: AccessMode;
  code?: string;
  instant_key_max_use_count?: number;
  display_name: string;
  created_access_method_ids: string[];
  created_at: string;
}

export interface AccessMethod {
  access_method_id: string;
  mode: AccessMode;
  display_name: string;
  display_status: string;
  is_issued: boolean;
  issued_at: string | null;
  /** A secret. */
  code?: string | null;
  /** A secret. */
  client_session_token?: string;
  /** A secret. */
  instant_key_url?: string;
  pending_mutations: unknown[];
  errors: Notice[];
  warnings: Notice[];
  workspace_id: string;
  created_at: string;
}

export interface SeamEvent {
  event_id: string;
  event_type: string;
  workspace_id: string;
  created_at: string;
  occurred_at: string;
  [reference: string]: string | string[];
}

export function now(): string {
  return new Date().toISOString();
}
