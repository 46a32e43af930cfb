-- Mails that officers asked for: which, in which language, how many cases they were given that no mail has told them of,
-- and the day of the last daily one. No row: none. Addresses stand with the people alone.

CREATE TABLE officer_mail (
  agency_id TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  language TEXT COLLATE "C" NOT NULL,
  assigned BIGINT NOT NULL,
  days BIGINT NOT NULL,
  digest BIGINT NOT NULL,
  given BIGINT NOT NULL DEFAULT 0,
  told_on TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (agency_id, user_id),
  FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id)
);

ALTER TABLE officer_mail ENABLE ROW LEVEL SECURITY;

ALTER TABLE officer_mail FORCE ROW LEVEL SECURITY;

CREATE POLICY officer_mail_of_one_agency ON officer_mail
  USING (agency_id = NULLIF(current_setting('app.agency', true), ''))
  WITH CHECK (agency_id = NULLIF(current_setting('app.agency', true), ''));
