-- The hash tree over each agency's audit events (c2sp.org/tlog-tiles): hashes alone, made from the events behind the road.
CREATE TABLE log_tiles (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  level INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (agency_id, level, number)
) STRICT;

-- What was signed about it: of each hour the last.
CREATE TABLE log_checkpoints (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  period TEXT NOT NULL,
  size INTEGER NOT NULL,
  note TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, period)
) STRICT;

-- Words that go with an event, such as a purpose: sealed here, and a commitment to them in the event.
CREATE TABLE audit_notes (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  sequence INTEGER NOT NULL,
  sealing TEXT,
  content BLOB NOT NULL,
  PRIMARY KEY (agency_id, sequence)
) STRICT;

-- All that happened to one thing. Ids count up with time, so that what is added stands beside what was added last.
CREATE INDEX audit_events_by_object ON audit_events (agency_id, object, sequence);
