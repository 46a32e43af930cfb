-- What somebody is in the agency. Whoever was there before could do everything, and still can.

ALTER TABLE users ADD COLUMN memberships TEXT NOT NULL DEFAULT '[]';

UPDATE users SET memberships = '[{"role":"owner"}]';

ALTER TABLE users ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
