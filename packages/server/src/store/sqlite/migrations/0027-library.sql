-- What an agency keeps beside its services: shared blocks and templates by version, and the bases that services were made from.

CREATE TABLE library (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  digest TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, kind, id, version)
) STRICT;
