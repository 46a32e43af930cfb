-- Mails that officers asked for: which, in which language, how many cases they were given that no mail has told them of,
-- and the day of the last daily one. No row: none. Addresses stand with the people alone.

CREATE TABLE officer_mail (
  agency_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  language TEXT NOT NULL,
  assigned INTEGER NOT NULL,
  days INTEGER NOT NULL,
  digest INTEGER NOT NULL,
  given INTEGER NOT NULL DEFAULT 0,
  told_on TEXT NOT NULL,
  PRIMARY KEY (agency_id, user_id),
  FOREIGN KEY (agency_id, user_id) REFERENCES users (agency_id, id)
) STRICT;
