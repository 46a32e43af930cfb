-- Every way in which officers narrow the list of open cases is a stretch of one index, in the order of the terms: by status,
-- by whether somebody has it (`assigned`, kept in step with case_assignments), by stage. It takes the place of the one by
-- term alone, so that what is received writes no more than before.
--
-- A decision about many cases at once is sent with a key: `key_mac` tells a step that such a request has made already.

ALTER TABLE submissions ADD COLUMN assigned BIGINT NOT NULL DEFAULT 0;

-- The owner alone is let past the wall for it, to the rows of every agency.
ALTER TABLE submissions NO FORCE ROW LEVEL SECURITY;

ALTER TABLE case_assignments NO FORCE ROW LEVEL SECURITY;

UPDATE submissions SET assigned = 1 FROM case_assignments
  WHERE case_assignments.agency_id = submissions.agency_id AND case_assignments.submission_id = submissions.id;

ALTER TABLE case_assignments FORCE ROW LEVEL SECURITY;

ALTER TABLE submissions FORCE ROW LEVEL SECURITY;

DROP INDEX submissions_open_by_due;

DROP INDEX submissions_by_stage;

CREATE INDEX submissions_open ON submissions (agency_id, service_id, status, assigned, due_at, id) WHERE closed_at IS NULL;

CREATE INDEX submissions_by_stage ON submissions (agency_id, service_id, stage, status, assigned, due_at, id);

ALTER TABLE case_steps ADD COLUMN key_mac TEXT COLLATE "C";
