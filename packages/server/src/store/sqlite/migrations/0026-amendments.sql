-- What citizens add to a case when an officer asks: the answers as they are now stand with the submission, each earlier
-- version beside it, sealed as it was. `amended` is the revision that made the answers, 0 for those that were sent in.

ALTER TABLE submissions ADD COLUMN amended INTEGER NOT NULL DEFAULT 0;

ALTER TABLE case_steps ADD COLUMN asked BLOB;

CREATE TABLE amendments (
  agency_id TEXT NOT NULL,
  submission_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  answers BLOB NOT NULL,
  outcome BLOB NOT NULL,
  receipt BLOB NOT NULL,
  key_hash TEXT NOT NULL,
  body_mac TEXT NOT NULL,
  answer BLOB NOT NULL,
  PRIMARY KEY (agency_id, submission_id, number),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id) ON DELETE CASCADE
) STRICT;
