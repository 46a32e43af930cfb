-- What an agency keeps beside its services: shared blocks and templates by version, and the bases that services were made from.

CREATE TABLE library (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  kind TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  saved_by TEXT COLLATE "C" NOT NULL,
  saved_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, kind, id, version)
);

ALTER TABLE library ENABLE ROW LEVEL SECURITY;

ALTER TABLE library FORCE ROW LEVEL SECURITY;

CREATE POLICY library_of_one_agency ON library
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
