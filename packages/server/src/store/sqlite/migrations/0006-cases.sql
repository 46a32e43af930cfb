-- A submission becomes a case that moves: where it stands, until when, and each step it took.
--
-- Lists are read by these indexes alone, so that a page costs the same however many cases there are. A case without a term
-- has the last moment there is, because databases do not agree on where nothing stands in an order.

ALTER TABLE submissions ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

ALTER TABLE submissions ADD COLUMN stage_entered_at TEXT;

ALTER TABLE submissions ADD COLUMN due_at TEXT NOT NULL DEFAULT '9999-12-31T23:59:59.999Z';

ALTER TABLE submissions ADD COLUMN closed_at TEXT;

ALTER TABLE submissions ADD COLUMN decision TEXT;

ALTER TABLE submissions ADD COLUMN late INTEGER NOT NULL DEFAULT 0;

-- What its route decided at once was over when it came.
UPDATE submissions SET closed_at = received_at WHERE status IN ('approved', 'rejected', 'confirmed');

CREATE INDEX submissions_by_service ON submissions (agency_id, service_id, id);

CREATE INDEX submissions_by_status ON submissions (agency_id, service_id, status, id);

CREATE INDEX submissions_by_stage ON submissions (agency_id, service_id, stage, status, due_at, id);

CREATE TABLE case_steps (
  agency_id TEXT NOT NULL,
  submission_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  decision TEXT NOT NULL,
  from_status TEXT NOT NULL,
  to_status TEXT NOT NULL,
  from_stage TEXT,
  to_stage TEXT,
  note BLOB,
  PRIMARY KEY (agency_id, submission_id, number),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
) STRICT;
