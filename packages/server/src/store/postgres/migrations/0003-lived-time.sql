-- How far an agency's server has lived, by its own count: a clock that jumps must not have anything destroyed.
ALTER TABLE agencies ADD COLUMN lived_until TEXT COLLATE "C";
