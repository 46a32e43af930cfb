-- What citizens saved to come back to: closed boxes, found by the digest of an id that only their code gives.

CREATE TABLE drafts (
  agency_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  revision INTEGER NOT NULL,
  version INTEGER NOT NULL,
  content BLOB NOT NULL,
  size INTEGER NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (agency_id, service_id, id_hash),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
) STRICT;

CREATE INDEX drafts_by_expiry ON drafts (agency_id, expires_at);

-- No reference to attachments: a draft outlives a file that somebody took back.
CREATE TABLE draft_attachments (
  agency_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  attachment_id TEXT NOT NULL,
  PRIMARY KEY (agency_id, attachment_id, service_id, id_hash),
  FOREIGN KEY (agency_id, service_id, id_hash) REFERENCES drafts (agency_id, service_id, id_hash)
) STRICT;

CREATE INDEX draft_attachments_by_draft ON draft_attachments (agency_id, service_id, id_hash);
