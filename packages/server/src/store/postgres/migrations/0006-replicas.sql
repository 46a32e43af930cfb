-- What replicas must agree on. Rates: a bucket is the moment at which it will be full again, in microseconds, under a keyed
-- digest of its name that changes every day; one that is full already is as good as none. No reference to agencies: the
-- limits of the whole server stand under a name that no agency can have.

CREATE TABLE rate_counters (
  agency_id TEXT COLLATE "C" NOT NULL,
  name_hash TEXT COLLATE "C" NOT NULL,
  full_at BIGINT NOT NULL,
  PRIMARY KEY (agency_id, name_hash)
);

ALTER TABLE rate_counters ENABLE ROW LEVEL SECURITY;

ALTER TABLE rate_counters FORCE ROW LEVEL SECURITY;

CREATE POLICY rate_counters_of_one_agency ON rate_counters
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

-- By which a key is known again, and from which it cannot be told.
CREATE TABLE key_marks (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  name TEXT COLLATE "C" NOT NULL,
  mark TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, name)
);

ALTER TABLE key_marks ENABLE ROW LEVEL SECURITY;

ALTER TABLE key_marks FORCE ROW LEVEL SECURITY;

CREATE POLICY key_marks_of_one_agency ON key_marks
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
