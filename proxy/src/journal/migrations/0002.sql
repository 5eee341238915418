-- What Howdah itself tells of a request stands as a stable code beside its English words, and apart from what the service
-- said, so that it can be told in any language.

ALTER TABLE requests ADD COLUMN code TEXT;
ALTER TABLE requests ADD COLUMN said TEXT;

ALTER TABLE events ADD COLUMN code TEXT;
ALTER TABLE events ADD COLUMN said TEXT;
-- Who took it in.
ALTER TABLE events ADD COLUMN taken_by TEXT;
