-- People and programs: how people prove who they are, who is invited, which programs have a key; and what an agency is like.

ALTER TABLE users ADD COLUMN totp_secret BYTEA;

ALTER TABLE users ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;

ALTER TABLE users ADD COLUMN recovery_codes TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- Sessions that were open before have proved nothing and were never seen: they have ended.
ALTER TABLE sessions ADD COLUMN seen_at TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE sessions ADD COLUMN proved_at TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE sessions ADD COLUMN strong BIGINT NOT NULL DEFAULT 0;

ALTER TABLE sessions ADD COLUMN label TEXT COLLATE "C" NOT NULL DEFAULT '';

CREATE INDEX sessions_by_user ON sessions (agency_id, user_id);

CREATE TABLE passkeys (
  agency_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  public_key BYTEA NOT NULL,
  counter BIGINT NOT NULL,
  created_at TEXT COLLATE "C" NOT NULL,
  used_on TEXT COLLATE "C",
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id)
);

ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;

ALTER TABLE passkeys FORCE ROW LEVEL SECURITY;

CREATE POLICY passkeys_of_one_agency ON passkeys
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE INDEX passkeys_by_user ON passkeys (agency_id, user_id);

CREATE TABLE invitations (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  id TEXT COLLATE "C" NOT NULL,
  token_hash TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  memberships TEXT COLLATE "C" NOT NULL,
  invited_by TEXT COLLATE "C" NOT NULL,
  created_at TEXT COLLATE "C" NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, token_hash)
);

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;

ALTER TABLE invitations FORCE ROW LEVEL SECURITY;

CREATE POLICY invitations_of_one_agency ON invitations
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE api_keys (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  id TEXT COLLATE "C" NOT NULL,
  secret_hash TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  permissions TEXT COLLATE "C" NOT NULL,
  services TEXT COLLATE "C",
  made_by TEXT COLLATE "C" NOT NULL,
  created_at TEXT COLLATE "C" NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  used_on TEXT COLLATE "C",
  revoked_at TEXT COLLATE "C",
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, secret_hash)
);

ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;

CREATE POLICY api_keys_of_one_agency ON api_keys
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

ALTER TABLE agencies ADD COLUMN settings TEXT COLLATE "C" NOT NULL DEFAULT '{}';

ALTER TABLE agencies ADD COLUMN quotas TEXT COLLATE "C" NOT NULL DEFAULT '{}';

ALTER TABLE agencies ADD COLUMN settings_revision BIGINT NOT NULL DEFAULT 1;

ALTER TABLE agencies ADD COLUMN deleted_at TEXT COLLATE "C";
