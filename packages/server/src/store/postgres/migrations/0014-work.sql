-- What officers work on: whose an open case is, what colleagues note about it (sealed as the answers are), and an index by
-- which open cases are found in the order in which they are due.

CREATE INDEX submissions_open_by_due ON submissions (agency_id, service_id, closed_at, due_at, id);

CREATE TABLE case_assignments (
  agency_id TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C" NOT NULL,
  assignee TEXT COLLATE "C" NOT NULL,
  at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, submission_id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id) ON DELETE CASCADE
);

CREATE INDEX case_assignments_by_assignee ON case_assignments (agency_id, assignee, submission_id);

ALTER TABLE case_assignments ENABLE ROW LEVEL SECURITY;

ALTER TABLE case_assignments FORCE ROW LEVEL SECURITY;

CREATE POLICY case_assignments_of_one_agency ON case_assignments
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE case_notes (
  agency_id TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  at TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  note BYTEA NOT NULL,
  PRIMARY KEY (agency_id, submission_id, id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id) ON DELETE CASCADE
);

ALTER TABLE case_notes ENABLE ROW LEVEL SECURITY;

ALTER TABLE case_notes FORCE ROW LEVEL SECURITY;

CREATE POLICY case_notes_of_one_agency ON case_notes
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
