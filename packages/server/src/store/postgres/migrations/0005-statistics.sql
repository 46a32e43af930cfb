-- Counters by day and, once a month is over, by month; nothing about anybody. A counter is the sum of its slots: each
-- replica adds to one of its own, so that none waits for another's row.

CREATE TABLE statistics (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  grain TEXT COLLATE "C" NOT NULL,
  period TEXT COLLATE "C" NOT NULL,
  service_id TEXT COLLATE "C" NOT NULL,
  measure TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  slot BIGINT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (agency_id, grain, period, service_id, measure, channel, language, slot)
);

ALTER TABLE statistics ENABLE ROW LEVEL SECURITY;

ALTER TABLE statistics FORCE ROW LEVEL SECURITY;

CREATE POLICY statistics_of_one_agency ON statistics
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));

-- How many different people there were in a month, as a sketch from which nobody can be read. Its key is thrown away with
-- the month.
CREATE TABLE statistics_people (
  agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (agency_id),
  month TEXT COLLATE "C" NOT NULL,
  audience TEXT COLLATE "C" NOT NULL,
  registers BYTEA NOT NULL,
  sketch_key BYTEA,
  PRIMARY KEY (agency_id, month, audience)
);

ALTER TABLE statistics_people ENABLE ROW LEVEL SECURITY;

ALTER TABLE statistics_people FORCE ROW LEVEL SECURITY;

CREATE POLICY statistics_people_of_one_agency ON statistics_people
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
