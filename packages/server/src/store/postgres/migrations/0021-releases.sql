-- What is to become a version later, or when somebody else agrees; and of each version the warnings it was published with.

CREATE TABLE releases (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  definition TEXT COLLATE "C" NOT NULL,
  policy TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  acknowledged TEXT COLLATE "C" NOT NULL,
  base BIGINT NOT NULL,
  due_at TEXT COLLATE "C" NOT NULL,
  requested_by TEXT COLLATE "C" NOT NULL,
  requested_at TEXT COLLATE "C" NOT NULL,
  decided_by TEXT COLLATE "C",
  decided_at TEXT COLLATE "C",
  version BIGINT,
  reasons TEXT COLLATE "C",
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
);

CREATE UNIQUE INDEX releases_open ON releases (agency_id, service_id) WHERE state IN ('asked', 'waiting');

CREATE INDEX releases_due ON releases (agency_id, due_at) WHERE state = 'waiting';

ALTER TABLE releases ENABLE ROW LEVEL SECURITY;

ALTER TABLE releases FORCE ROW LEVEL SECURITY;

CREATE POLICY releases_of_one_agency ON releases
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

ALTER TABLE versions ADD COLUMN acknowledged TEXT COLLATE "C";
