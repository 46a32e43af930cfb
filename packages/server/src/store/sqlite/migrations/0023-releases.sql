-- What is to become a version later, or when somebody else agrees; and of each version the warnings it was published with.

CREATE TABLE releases (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  state TEXT NOT NULL,
  definition TEXT NOT NULL,
  policy TEXT NOT NULL,
  digest TEXT NOT NULL,
  acknowledged TEXT NOT NULL,
  base INTEGER NOT NULL,
  due_at TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at TEXT NOT NULL,
  decided_by TEXT,
  decided_at TEXT,
  version INTEGER,
  reasons TEXT,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
) STRICT;

CREATE UNIQUE INDEX releases_open ON releases (agency_id, service_id) WHERE state IN ('asked', 'waiting');

CREATE INDEX releases_due ON releases (agency_id, due_at) WHERE state = 'waiting';

ALTER TABLE versions ADD COLUMN acknowledged TEXT;
