-- Codes that were sent to an address or a telephone to see whether somebody reads what comes there. Short-lived; what is sent is
-- sealed under a key that is not in the database, and the code and the address are kept as keyed digests.

CREATE TABLE verifications (
  agency_id TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  service_id TEXT NOT NULL,
  value_mac TEXT NOT NULL,
  code_mac TEXT NOT NULL,
  message BLOB NOT NULL,
  tries_left INTEGER NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, id_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
) STRICT;

CREATE INDEX verifications_by_expiry ON verifications (agency_id, expires_at);
