-- People and programs: how people prove who they are, who is invited, which programs have a key; and what an agency is like.

ALTER TABLE users ADD COLUMN totp_secret BLOB;

ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;

ALTER TABLE users ADD COLUMN recovery_codes TEXT NOT NULL DEFAULT '[]';

-- Sessions that were open before have proved nothing and were never seen: they have ended.
ALTER TABLE sessions ADD COLUMN seen_at TEXT NOT NULL DEFAULT '';

ALTER TABLE sessions ADD COLUMN proved_at TEXT NOT NULL DEFAULT '';

ALTER TABLE sessions ADD COLUMN strong INTEGER NOT NULL DEFAULT 0;

ALTER TABLE sessions ADD COLUMN label TEXT NOT NULL DEFAULT '';

CREATE INDEX sessions_by_user ON sessions (agency_id, user_id);

CREATE TABLE passkeys (
  agency_id TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  counter INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  used_on TEXT,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id)
) STRICT;

CREATE INDEX passkeys_by_user ON passkeys (agency_id, user_id);

CREATE TABLE invitations (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  email TEXT NOT NULL,
  memberships TEXT NOT NULL,
  invited_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, token_hash)
) STRICT;

CREATE TABLE api_keys (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  id TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  permissions TEXT NOT NULL,
  services TEXT,
  made_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_on TEXT,
  revoked_at TEXT,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, secret_hash)
) STRICT;

ALTER TABLE agencies ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

ALTER TABLE agencies ADD COLUMN quotas TEXT NOT NULL DEFAULT '{}';

ALTER TABLE agencies ADD COLUMN settings_revision INTEGER NOT NULL DEFAULT 1;

ALTER TABLE agencies ADD COLUMN deleted_at TEXT;
