-- Erasure and what guards it. What is asked of other eyes; cases that must be kept; and of what was erased: the keys and files
-- that still have to be destroyed, with the rows in the same transaction, so that nothing is forgotten whenever the server
-- stops; and the certificate, once they are.

CREATE TABLE approvals (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,
  state TEXT NOT NULL,
  reason BLOB,
  requested_by TEXT NOT NULL,
  requested_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  decided_by TEXT,
  decided_at TEXT,
  PRIMARY KEY (agency_id, id)
) STRICT;

CREATE UNIQUE INDEX approvals_open ON approvals (agency_id, kind, object) WHERE state = 'open';

CREATE TABLE holds (
  agency_id TEXT NOT NULL,
  submission_id TEXT NOT NULL,
  reason BLOB NOT NULL,
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, submission_id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
) STRICT;

CREATE TABLE certificates (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  cases INTEGER NOT NULL,
  details TEXT NOT NULL,
  jws TEXT,
  PRIMARY KEY (agency_id, id)
) STRICT;

CREATE TABLE shreds (
  agency_id TEXT NOT NULL,
  certificate_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  submission_id TEXT NOT NULL,
  bucket TEXT,
  file TEXT,
  PRIMARY KEY (agency_id, certificate_id, owner),
  FOREIGN KEY (agency_id, certificate_id) REFERENCES certificates (agency_id, id)
) STRICT;

CREATE INDEX shreds_by_submission ON shreds (agency_id, submission_id);
