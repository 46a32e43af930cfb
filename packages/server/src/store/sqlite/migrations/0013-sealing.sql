-- Keys of services that are sealed end to end. Public keys, and private ones that only officers' browsers can open: an
-- officer's under a passphrase, a service's sealed to the officers (and to the recovery key) who may use it.

CREATE TABLE sealing_keys (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  number INTEGER NOT NULL,
  public_key TEXT NOT NULL,
  locked TEXT,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (agency_id, kind, owner, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealing_wraps (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  service_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  for_key TEXT NOT NULL,
  enc TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (agency_id, service_id, epoch, for_key)
) STRICT, WITHOUT ROWID;
