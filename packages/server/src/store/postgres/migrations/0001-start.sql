-- Every primary, unique and foreign key begins with the agency: rows of two agencies can neither meet nor collide, and a
-- distributed database keeps an agency's rows in one place. Each statement is a transaction of its own.
--
-- Row-level security is the second wall: a query that forgot the agency sees nothing, not everything. FORCE holds it over
-- the owner as well. The setting is read as '' in a session that had it once; NULLIF turns that into no agency at all.

CREATE TABLE agencies (
  agency_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  title TEXT COLLATE "C" NOT NULL,
  setup_hash TEXT COLLATE "C",
  created_at TEXT COLLATE "C" NOT NULL,
  audit_sequence BIGINT NOT NULL DEFAULT 0,
  audit_digest TEXT COLLATE "C" NOT NULL DEFAULT ''
);

ALTER TABLE agencies ENABLE ROW LEVEL SECURITY;

ALTER TABLE agencies FORCE ROW LEVEL SECURITY;

CREATE POLICY agencies_of_one_agency ON agencies
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

-- The directory of agencies is read, and nothing else, under a name that no agency can have.
CREATE POLICY agencies_directory ON agencies FOR SELECT
  USING (current_setting('app.agency', true) = '*');

CREATE TABLE users (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  id TEXT COLLATE "C" NOT NULL,
  email TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  password_hash TEXT COLLATE "C" NOT NULL,
  created_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, email)
);

ALTER TABLE users ENABLE ROW LEVEL SECURITY;

ALTER TABLE users FORCE ROW LEVEL SECURITY;

CREATE POLICY users_of_one_agency ON users
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE sessions (
  agency_id TEXT COLLATE "C" NOT NULL,
  token_hash TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  created_at TEXT COLLATE "C" NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, token_hash),
  FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id)
);

ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE sessions FORCE ROW LEVEL SECURITY;

CREATE POLICY sessions_of_one_agency ON sessions
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE services (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  id TEXT COLLATE "C" NOT NULL,
  definition TEXT COLLATE "C" NOT NULL,
  policy TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  published_version BIGINT,
  saved_by TEXT COLLATE "C" NOT NULL,
  saved_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, id)
);

ALTER TABLE services ENABLE ROW LEVEL SECURITY;

ALTER TABLE services FORCE ROW LEVEL SECURITY;

CREATE POLICY services_of_one_agency ON services
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE versions (
  agency_id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  definition TEXT COLLATE "C" NOT NULL,
  policy TEXT COLLATE "C" NOT NULL,
  submission_schema TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  published_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, service_id, version),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
);

ALTER TABLE versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE versions FORCE ROW LEVEL SECURITY;

CREATE POLICY versions_of_one_agency ON versions
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE submissions (
  agency_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  received_at TEXT COLLATE "C" NOT NULL,
  reference_hash TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  stage TEXT COLLATE "C",
  sealing TEXT COLLATE "C",
  answers BYTEA NOT NULL,
  outcome BYTEA NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, reference_hash),
  FOREIGN KEY (agency_id, service_id, version) REFERENCES versions (agency_id, service_id, version)
);

ALTER TABLE submissions ENABLE ROW LEVEL SECURITY;

ALTER TABLE submissions FORCE ROW LEVEL SECURITY;

CREATE POLICY submissions_of_one_agency ON submissions
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE receipts (
  agency_id TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C" NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (agency_id, submission_id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
);

ALTER TABLE receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE receipts FORCE ROW LEVEL SECURITY;

CREATE POLICY receipts_of_one_agency ON receipts
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE attachments (
  agency_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  target TEXT COLLATE "C" NOT NULL,
  name BYTEA NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  size BIGINT NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  sealing TEXT COLLATE "C",
  received_at TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C",
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
);

ALTER TABLE attachments ENABLE ROW LEVEL SECURITY;

ALTER TABLE attachments FORCE ROW LEVEL SECURITY;

CREATE POLICY attachments_of_one_agency ON attachments
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE INDEX attachments_by_submission ON attachments (agency_id, submission_id);

CREATE TABLE idempotency_keys (
  agency_id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  key_hash TEXT COLLATE "C" NOT NULL,
  body_mac TEXT COLLATE "C" NOT NULL,
  started_at TEXT COLLATE "C" NOT NULL,
  answer BYTEA,
  PRIMARY KEY (agency_id, service_id, key_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
);

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;

CREATE POLICY idempotency_keys_of_one_agency ON idempotency_keys
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE audit_events (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  sequence BIGINT NOT NULL,
  time TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  object TEXT COLLATE "C" NOT NULL,
  details TEXT COLLATE "C",
  previous TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, sequence)
);

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;

CREATE POLICY audit_events_of_one_agency ON audit_events
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE TABLE outbox (
  agency_id TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  destination TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  submission_id TEXT COLLATE "C",
  payload BYTEA NOT NULL,
  attempts BIGINT NOT NULL,
  created_at TEXT COLLATE "C" NOT NULL,
  due_at TEXT COLLATE "C",
  lease TEXT COLLATE "C",
  reason TEXT COLLATE "C",
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
);

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE outbox FORCE ROW LEVEL SECURITY;

CREATE POLICY outbox_of_one_agency ON outbox
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE INDEX outbox_by_destination ON outbox (agency_id, destination, due_at);

CREATE TABLE drafts (
  agency_id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  id_hash TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  version BIGINT NOT NULL,
  content BYTEA NOT NULL,
  size BIGINT NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, service_id, id_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
);

ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;

ALTER TABLE drafts FORCE ROW LEVEL SECURITY;

CREATE POLICY drafts_of_one_agency ON drafts
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE INDEX drafts_by_expiry ON drafts (agency_id, expires_at);

-- No reference to attachments: a draft outlives a file that somebody took back.
CREATE TABLE draft_attachments (
  agency_id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  id_hash TEXT COLLATE "C" NOT NULL,
  attachment_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, attachment_id, service_id, id_hash),
  FOREIGN KEY (agency_id, service_id, id_hash) REFERENCES drafts (agency_id, service_id, id_hash)
);

ALTER TABLE draft_attachments ENABLE ROW LEVEL SECURITY;

ALTER TABLE draft_attachments FORCE ROW LEVEL SECURITY;

CREATE POLICY draft_attachments_of_one_agency ON draft_attachments
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

CREATE INDEX draft_attachments_by_draft ON draft_attachments (agency_id, service_id, id_hash);
