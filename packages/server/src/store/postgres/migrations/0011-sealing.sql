-- Keys of services that are sealed end to end. Public keys, and private ones that only officers' browsers can open: an
-- officer's under a passphrase, a service's sealed to the officers (and to the recovery key) who may use it.

CREATE TABLE sealing_keys (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  kind TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  public_key TEXT COLLATE "C" NOT NULL,
  locked TEXT COLLATE "C",
  created_at TEXT COLLATE "C" NOT NULL,
  created_by TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, kind, owner, number)
);

ALTER TABLE sealing_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE sealing_keys FORCE ROW LEVEL SECURITY;

CREATE POLICY sealing_keys_of_one_agency ON sealing_keys
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE sealing_wraps (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  service_id TEXT COLLATE "C" NOT NULL,
  epoch BIGINT NOT NULL,
  for_key TEXT COLLATE "C" NOT NULL,
  enc TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, service_id, epoch, for_key)
);

ALTER TABLE sealing_wraps ENABLE ROW LEVEL SECURITY;

ALTER TABLE sealing_wraps FORCE ROW LEVEL SECURITY;

CREATE POLICY sealing_wraps_of_one_agency ON sealing_wraps
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
