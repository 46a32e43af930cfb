-- The hash tree over each agency's audit events (c2sp.org/tlog-tiles): hashes alone, made from the events behind the road.
CREATE TABLE log_tiles (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  level BIGINT NOT NULL,
  number BIGINT NOT NULL,
  hashes BYTEA NOT NULL,
  PRIMARY KEY (agency_id, level, number)
);

ALTER TABLE log_tiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE log_tiles FORCE ROW LEVEL SECURITY;

CREATE POLICY log_tiles_of_one_agency ON log_tiles
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

-- What was signed about it: of each hour the last.
CREATE TABLE log_checkpoints (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  period TEXT COLLATE "C" NOT NULL,
  size BIGINT NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  signed_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, period)
);

ALTER TABLE log_checkpoints ENABLE ROW LEVEL SECURITY;

ALTER TABLE log_checkpoints FORCE ROW LEVEL SECURITY;

CREATE POLICY log_checkpoints_of_one_agency ON log_checkpoints
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

-- Words that go with an event, such as a purpose: sealed here, and a commitment to them in the event.
CREATE TABLE audit_notes (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  sequence BIGINT NOT NULL,
  sealing TEXT COLLATE "C",
  content BYTEA NOT NULL,
  PRIMARY KEY (agency_id, sequence)
);

ALTER TABLE audit_notes ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit_notes FORCE ROW LEVEL SECURITY;

CREATE POLICY audit_notes_of_one_agency ON audit_notes
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

-- All that happened to one thing. Ids count up with time, so that what is added stands beside what was added last.
CREATE INDEX audit_events_by_object ON audit_events (agency_id, object, sequence);
