-- How many places of a counter are taken, for services that take so many submissions and no more: in all, a day, of a slot.

CREATE TABLE places (
  agency_id TEXT NOT NULL,
  service_id TEXT NOT NULL,
  counter TEXT NOT NULL,
  taken INTEGER NOT NULL,
  PRIMARY KEY (agency_id, service_id, counter),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
) STRICT, WITHOUT ROWID;
