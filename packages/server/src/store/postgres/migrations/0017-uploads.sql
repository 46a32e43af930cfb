-- Files that arrive in parts, until they are whole. The bytes of a part are a file of their own, sealed by its own key.

CREATE TABLE uploads (
  agency_id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  id_hash TEXT COLLATE "C" NOT NULL,
  target TEXT COLLATE "C" NOT NULL,
  name BYTEA NOT NULL,
  sealing TEXT COLLATE "C",
  type TEXT COLLATE "C" NOT NULL,
  size BIGINT NOT NULL,
  owner_hash TEXT COLLATE "C",
  created_at TEXT COLLATE "C" NOT NULL,
  received BIGINT NOT NULL DEFAULT 0,
  attachment_id TEXT COLLATE "C",
  PRIMARY KEY (agency_id, service_id, id_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
);

CREATE INDEX uploads_by_age ON uploads (agency_id, created_at);

CREATE TABLE upload_parts (
  agency_id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  id_hash TEXT COLLATE "C" NOT NULL,
  start BIGINT NOT NULL,
  size BIGINT NOT NULL,
  file_id TEXT COLLATE "C" NOT NULL,
  sealing TEXT COLLATE "C",
  PRIMARY KEY (agency_id, service_id, id_hash, start),
  FOREIGN KEY (agency_id, service_id, id_hash) REFERENCES uploads (agency_id, service_id, id_hash)
);

ALTER TABLE uploads ENABLE ROW LEVEL SECURITY;

ALTER TABLE uploads FORCE ROW LEVEL SECURITY;

CREATE POLICY uploads_of_one_agency ON uploads
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

ALTER TABLE upload_parts ENABLE ROW LEVEL SECURITY;

ALTER TABLE upload_parts FORCE ROW LEVEL SECURITY;

CREATE POLICY upload_parts_of_one_agency ON upload_parts
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
