-- How many places of a counter are taken, for services that take so many submissions and no more: in all, a day, of a slot.
CREATE TABLE places (
  agency_id TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  counter TEXT COLLATE "C" NOT NULL,
  taken BIGINT NOT NULL,
  PRIMARY KEY (agency_id, service_id, counter),
  FOREIGN KEY (agency_id, service_id) REFERENCES services (agency_id, id)
);

ALTER TABLE places ENABLE ROW LEVEL SECURITY;

ALTER TABLE places FORCE ROW LEVEL SECURITY;

CREATE POLICY places_of_one_agency ON places
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
