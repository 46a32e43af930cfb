-- Citizens who are signed in: that a sign-in still counts. Who it is stands in the token that the page holds, sealed; here are
-- digests under a key that is not in the database.

CREATE TABLE citizen_sessions (
  agency_id TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  service_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  subject_mac TEXT NOT NULL,
  provider_session_mac TEXT NOT NULL,
  level TEXT NOT NULL,
  created_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, id_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
) STRICT;

CREATE INDEX citizen_sessions_by_expiry ON citizen_sessions (agency_id, expires_at);

CREATE INDEX citizen_sessions_by_subject ON citizen_sessions (agency_id, subject_mac);

CREATE INDEX citizen_sessions_by_provider_session ON citizen_sessions (agency_id, provider_session_mac);
