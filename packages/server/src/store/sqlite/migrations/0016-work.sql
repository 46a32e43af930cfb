-- What officers work on: whose an open case is, what colleagues note about it (sealed as the answers are), and an index by
-- which open cases are found in the order in which they are due.

CREATE INDEX submissions_open_by_due ON submissions (agency_id, service_id, closed_at, due_at, id);

CREATE TABLE case_assignments (
  agency_id TEXT NOT NULL,
  submission_id TEXT NOT NULL,
  assignee TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (agency_id, submission_id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX case_assignments_by_assignee ON case_assignments (agency_id, assignee, submission_id);

CREATE TABLE case_notes (
  agency_id TEXT NOT NULL,
  submission_id TEXT NOT NULL,
  id TEXT NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  note BLOB NOT NULL,
  PRIMARY KEY (agency_id, submission_id, id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id) ON DELETE CASCADE
) STRICT;
