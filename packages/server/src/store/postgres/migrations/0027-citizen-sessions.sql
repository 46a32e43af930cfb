-- Citizens who are signed in: that a sign-in still counts. Who it is stands in the token that the page holds, sealed; here are
-- digests under a key that is not in the database.

CREATE TABLE citizen_sessions (
  agency_id TEXT COLLATE "C" NOT NULL,
  id_hash TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  subject_mac TEXT COLLATE "C" NOT NULL,
  provider_session_mac TEXT COLLATE "C" NOT NULL,
  level TEXT COLLATE "C" NOT NULL,
  created_at TEXT COLLATE "C" NOT NULL,
  seen_at TEXT COLLATE "C" NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, id_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
);

ALTER TABLE citizen_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE citizen_sessions FORCE ROW LEVEL SECURITY;

CREATE POLICY citizen_sessions_of_one_agency ON citizen_sessions
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE INDEX citizen_sessions_by_expiry ON citizen_sessions (agency_id, expires_at);

CREATE INDEX citizen_sessions_by_subject ON citizen_sessions (agency_id, subject_mac);

CREATE INDEX citizen_sessions_by_provider_session ON citizen_sessions (agency_id, provider_session_mac);
