-- Erasure and what guards it. What is asked of other eyes; cases that must be kept; and of what was erased: the keys and files
-- that still have to be destroyed, with the rows in the same transaction, so that nothing is forgotten whenever the server
-- stops; and the certificate, once they are.

CREATE TABLE approvals (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  object TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  reason BYTEA,
  requested_by TEXT COLLATE "C" NOT NULL,
  requested_at TEXT COLLATE "C" NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  decided_by TEXT COLLATE "C",
  decided_at TEXT COLLATE "C",
  PRIMARY KEY (agency_id, id)
);

CREATE UNIQUE INDEX approvals_open ON approvals (agency_id, kind, object) WHERE state = 'open';

CREATE TABLE holds (
  agency_id TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C" NOT NULL,
  reason BYTEA NOT NULL,
  set_by TEXT COLLATE "C" NOT NULL,
  set_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, submission_id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
);

CREATE TABLE certificates (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  at TEXT COLLATE "C" NOT NULL,
  cases BIGINT NOT NULL,
  details TEXT COLLATE "C" NOT NULL,
  jws TEXT COLLATE "C",
  PRIMARY KEY (agency_id, id)
);

CREATE TABLE shreds (
  agency_id TEXT COLLATE "C" NOT NULL,
  certificate_id TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C" NOT NULL,
  bucket TEXT COLLATE "C",
  file TEXT COLLATE "C",
  PRIMARY KEY (agency_id, certificate_id, owner),
  FOREIGN KEY (agency_id, certificate_id) REFERENCES certificates (agency_id, id)
);

ALTER TABLE approvals ENABLE ROW LEVEL SECURITY;

ALTER TABLE approvals FORCE ROW LEVEL SECURITY;

CREATE POLICY approvals_of_one_agency ON approvals
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

ALTER TABLE holds ENABLE ROW LEVEL SECURITY;

ALTER TABLE holds FORCE ROW LEVEL SECURITY;

CREATE POLICY holds_of_one_agency ON holds
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

ALTER TABLE certificates ENABLE ROW LEVEL SECURITY;

ALTER TABLE certificates FORCE ROW LEVEL SECURITY;

CREATE POLICY certificates_of_one_agency ON certificates
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

ALTER TABLE shreds ENABLE ROW LEVEL SECURITY;

ALTER TABLE shreds FORCE ROW LEVEL SECURITY;

CREATE POLICY shreds_of_one_agency ON shreds
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

-- The server may delete cases now, but none that was not put down for destruction in the same breath.

CREATE POLICY submissions_erased ON submissions AS RESTRICTIVE FOR DELETE
  USING (EXISTS (SELECT 1 FROM shreds WHERE shreds.agency_id = submissions.agency_id AND shreds.submission_id = submissions.id));

CREATE POLICY receipts_erased ON receipts AS RESTRICTIVE FOR DELETE
  USING (EXISTS (SELECT 1 FROM shreds WHERE shreds.agency_id = receipts.agency_id AND shreds.submission_id = receipts.submission_id));

CREATE POLICY case_steps_erased ON case_steps AS RESTRICTIVE FOR DELETE
  USING (EXISTS (SELECT 1 FROM shreds WHERE shreds.agency_id = case_steps.agency_id AND shreds.submission_id = case_steps.submission_id));

CREATE INDEX shreds_by_submission ON shreds (agency_id, submission_id);
