// What Seam shows of each kind of object.

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
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
  workspace_id: string;
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
  access_schedule?: unknown;
  is_suspended: boolean;
  is_managed: true;
  last_successful_sync_at: string | null;
  pending_mutations: unknown[];
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface AcsCredential {
  acs_credential_id: string;
  acs_user_id: string;
  acs_system_id: string;
  connected_account_id: string;
  workspace_id: string;
  user_identity_id?: string;
  access_method: "code" | "card" | "mobile_key";
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
