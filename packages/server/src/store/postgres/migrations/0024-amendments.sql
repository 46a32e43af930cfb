-- What citizens add to a case when an officer asks: the answers as they are now stand with the submission, each earlier
-- version beside it, sealed as it was. `amended` is the revision that made the answers, 0 for those that were sent in.

ALTER TABLE submissions ADD COLUMN amended BIGINT NOT NULL DEFAULT 0;

ALTER TABLE case_steps ADD COLUMN asked BYTEA;

CREATE TABLE amendments (
  agency_id TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  at TEXT COLLATE "C" NOT NULL,
  answers BYTEA NOT NULL,
  outcome BYTEA NOT NULL,
  receipt BYTEA NOT NULL,
  key_hash TEXT COLLATE "C" NOT NULL,
  body_mac TEXT COLLATE "C" NOT NULL,
  answer BYTEA NOT NULL,
  PRIMARY KEY (agency_id, submission_id, number),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id) ON DELETE CASCADE
);

ALTER TABLE amendments ENABLE ROW LEVEL SECURITY;

ALTER TABLE amendments FORCE ROW LEVEL SECURITY;

CREATE POLICY amendments_of_one_agency ON amendments
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
