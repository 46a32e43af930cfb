-- Every primary, unique and foreign key begins with the agency: rows of two agencies can neither meet nor collide.

CREATE TABLE agencies (
  agency_id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  setup_hash TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE users (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, email)
) STRICT;

CREATE TABLE sessions (
  agency_id TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, token_hash),
  FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id)
) STRICT;

CREATE TABLE services (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  id TEXT NOT NULL,
  definition TEXT NOT NULL,
  policy TEXT NOT NULL,
  revision INTEGER NOT NULL,
  published_version INTEGER,
  saved_by TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, id)
) STRICT;

CREATE TABLE versions (
  agency_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL,
  policy TEXT NOT NULL,
  submission_schema TEXT NOT NULL,
  digest TEXT NOT NULL,
  published_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, service_id, version),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
) STRICT;

CREATE TABLE submissions (
  agency_id TEXT NOT NULL,
  id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  language TEXT NOT NULL,
  received_at TEXT NOT NULL,
  reference_hash TEXT NOT NULL,
  status TEXT NOT NULL,
  stage TEXT,
  sealing TEXT,
  answers BLOB NOT NULL,
  outcome BLOB NOT NULL,
  PRIMARY KEY (agency_id, id),
  UNIQUE (agency_id, reference_hash),
  FOREIGN KEY (agency_id, service_id, version) REFERENCES versions (agency_id, service_id, version)
) STRICT;

CREATE TABLE receipts (
  agency_id TEXT NOT NULL,
  submission_id TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (agency_id, submission_id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
) STRICT;

CREATE TABLE attachments (
  agency_id TEXT NOT NULL,
  id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  target TEXT NOT NULL,
  name BLOB NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  digest TEXT NOT NULL,
  sealing TEXT,
  received_at TEXT NOT NULL,
  submission_id TEXT,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
) STRICT;

CREATE INDEX attachments_by_submission ON attachments (agency_id, submission_id);

CREATE TABLE idempotency_keys (
  agency_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  key_hash TEXT NOT NULL,
  body_mac TEXT NOT NULL,
  started_at TEXT NOT NULL,
  answer BLOB,
  PRIMARY KEY (agency_id, service_id, key_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
) STRICT;

CREATE TABLE audit_events (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  sequence INTEGER NOT NULL,
  time TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  details TEXT,
  previous TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (agency_id, sequence)
) STRICT;

CREATE TABLE outbox (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, id)
) STRICT;
