-- What somebody is in the agency. Whoever was there before could do everything, and still can: their rows get it as the
-- column's default, because row-level security lets the owner of the tables change none.

ALTER TABLE users ADD COLUMN memberships TEXT COLLATE "C" NOT NULL DEFAULT '[{"role":"owner"}]';

ALTER TABLE users ALTER COLUMN memberships SET DEFAULT '[]';

ALTER TABLE users ADD COLUMN state TEXT COLLATE "C" NOT NULL DEFAULT 'active';
