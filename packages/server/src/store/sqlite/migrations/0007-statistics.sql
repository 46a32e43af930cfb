-- Counters by day and, once a month is over, by month; nothing about anybody. A slot is a share of a counter: here there is one.

CREATE TABLE statistics (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  grain TEXT NOT NULL,
  period TEXT NOT NULL,
  service_id TEXT NOT NULL,
  measure TEXT NOT NULL,
  channel TEXT NOT NULL,
  language TEXT NOT NULL,
  slot INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (agency_id, grain, period, service_id, measure, channel, language, slot)
) STRICT, WITHOUT ROWID;

-- How many different people there were in a month, as a sketch from which nobody can be read. Its key is thrown away with the month.
CREATE TABLE statistics_people (
  agency_id TEXT NOT NULL REFERENCES agencies (agency_id),
  month TEXT NOT NULL,
  audience TEXT NOT NULL,
  registers BLOB NOT NULL,
  sketch_key BLOB,
  PRIMARY KEY (agency_id, month, audience)
) STRICT;
