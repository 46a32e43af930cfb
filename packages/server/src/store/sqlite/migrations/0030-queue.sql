-- Every way in which officers narrow the list of open cases is a stretch of one index, in the order of the terms: by status,
-- by whether somebody has it (`assigned`, kept in step with case_assignments), by stage. It takes the place of the one by
-- term alone, so that what is received writes no more than before.
--
-- A decision about many cases at once is sent with a key: `key_mac` tells a step that such a request has made already.

ALTER TABLE submissions ADD COLUMN assigned INTEGER NOT NULL DEFAULT 0;

UPDATE submissions SET assigned = 1 WHERE (agency_id, id) IN (SELECT agency_id, submission_id FROM case_assignments);

DROP INDEX submissions_open_by_due;

DROP INDEX submissions_by_stage;

-- `closed_at` stands in it although it is null there: without it SQLite would look at each row to see that.
CREATE INDEX submissions_open ON submissions (agency_id, service_id, status, assigned, due_at, id, closed_at) WHERE closed_at IS NULL;

CREATE INDEX submissions_by_stage ON submissions (agency_id, service_id, stage, status, assigned, due_at, id);

ALTER TABLE case_steps ADD COLUMN key_mac TEXT;
