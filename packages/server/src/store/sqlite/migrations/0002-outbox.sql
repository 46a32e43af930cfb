-- Deliveries get a destination, a lease and a sealed payload. The rows there were named no destination, because none could
-- be chosen: there is nowhere to deliver them to.

DROP TABLE outbox;

CREATE TABLE outbox (
  agency_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  destination TEXT NOT NULL,
  service_id TEXT NOT NULL,
  submission_id TEXT,
  payload BLOB NOT NULL,
  attempts INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  due_at TEXT,
  lease TEXT,
  reason TEXT,
  PRIMARY KEY (agency_id, id),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id),
  FOREIGN KEY (agency_id, submission_id) REFERENCES submissions (agency_id, id)
) STRICT;

CREATE INDEX outbox_by_destination ON outbox (agency_id, destination, due_at);
