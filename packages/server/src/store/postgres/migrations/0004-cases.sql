-- A submission becomes a case that moves: where it stands, until when, and each step it took.
--
-- Lists are read by these indexes alone, so that a page costs the same however many cases there are. A case without a term
-- has the last moment there is, because databases do not agree on where nothing stands in an order.

ALTER TABLE submissions ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;

ALTER TABLE submissions ADD COLUMN stage_entered_at TEXT COLLATE "C";

ALTER TABLE submissions ADD COLUMN due_at TEXT COLLATE "C" NOT NULL DEFAULT '9999-12-31T23:59:59.999Z';

ALTER TABLE submissions ADD COLUMN closed_at TEXT COLLATE "C";

ALTER TABLE submissions ADD COLUMN decision TEXT COLLATE "C";

ALTER TABLE submissions ADD COLUMN late BIGINT NOT NULL DEFAULT 0;

-- What its route decided at once was over when it came. The owner alone is let past the wall for it, to the rows of every
-- agency; the role that the server works as stays behind it.
ALTER TABLE submissions NO FORCE ROW LEVEL SECURITY;

UPDATE submissions SET closed_at = received_at WHERE status IN ('approved', 'rejected', 'confirmed');

ALTER TABLE submissions FORCE ROW LEVEL SECURITY;

CREATE INDEX submissions_by_service ON submissions (agency_id, service_id, id);

CREATE INDEX submissions_by_status ON submissions (agency_id, service_id, status, id);

CREATE INDEX submissions_by_stage ON submissions (agency_id, service_id, stage, status, due_at, id);

CREATE TABLE case_steps (
  agency_id TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  at TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  decision TEXT COLLATE "C" NOT NULL,
  from_status TEXT COLLATE "C" NOT NULL,
  to_status TEXT COLLATE "C" NOT NULL,
  from_stage TEXT COLLATE "C",
  to_stage TEXT COLLATE "C",
  note BYTEA,
  PRIMARY KEY (agency_id, submission_id, number),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
);

ALTER TABLE case_steps ENABLE ROW LEVEL SECURITY;

ALTER TABLE case_steps FORCE ROW LEVEL SECURITY;

CREATE POLICY case_steps_of_one_agency ON case_steps
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
