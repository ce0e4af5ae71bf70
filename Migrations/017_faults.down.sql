-- Takes back 017: the store keeps its identity, the database forgets it until it is registered again.
ALTER TABLE columna.workers DROP COLUMN note;
DROP TABLE columna.store;
