-- Codes that were sent to an address or a telephone to see whether somebody reads what comes there. Short-lived; what is sent is
-- sealed under a key that is not in the database, and the code and the address are kept as keyed digests.

CREATE TABLE verifications (
  agency_id TEXT COLLATE "C" NOT NULL,
  id_hash TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  value_mac TEXT COLLATE "C" NOT NULL,
  code_mac TEXT COLLATE "C" NOT NULL,
  message BYTEA NOT NULL,
  tries_left BIGINT NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, id_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
);

ALTER TABLE verifications ENABLE ROW LEVEL SECURITY;

ALTER TABLE verifications FORCE ROW LEVEL SECURITY;

CREATE POLICY verifications_of_one_agency ON verifications
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE INDEX verifications_by_expiry ON verifications (agency_id, expires_at);
