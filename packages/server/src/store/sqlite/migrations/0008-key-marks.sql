-- By which a key is known again, and from which it cannot be told: a database must not be opened with the keys of another.

CREATE TABLE key_marks (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  name TEXT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (agency_id, name)
) STRICT, WITHOUT ROWID;
