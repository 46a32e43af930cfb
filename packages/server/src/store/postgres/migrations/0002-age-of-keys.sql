-- Keys are forgotten by their age. Without this the table would be read from end to end each time.

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (agency_id, started_at);
