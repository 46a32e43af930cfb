-- Files that arrive in parts, until they are whole. The bytes of a part are a file of their own, sealed by its own key.

CREATE TABLE uploads (
  agency_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  target TEXT NOT NULL,
  name BLOB NOT NULL,
  sealing TEXT,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  owner_hash TEXT,
  created_at TEXT NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  attachment_id TEXT,
  PRIMARY KEY (agency_id, service_id, id_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
) STRICT;

CREATE INDEX uploads_by_age ON uploads (agency_id, created_at);

CREATE TABLE upload_parts (
  agency_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  start INTEGER NOT NULL,
  size INTEGER NOT NULL,
  file_id TEXT NOT NULL,
  sealing TEXT,
  PRIMARY KEY (agency_id, service_id, id_hash, start),
  FOREIGN KEY (agency_id, service_id, id_hash) REFERENCES uploads (agency_id, service_id, id_hash)
) STRICT;
