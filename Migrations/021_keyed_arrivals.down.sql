-- Rows keep their keys. A study that is there under a keyed name is a new one to programs of before: let those that are open settle first.
DROP TRIGGER deliveries_refuse_former_keys ON columna.deliveries;
DROP TRIGGER arrivals_refuse_former_keys ON columna.arrivals;
DROP FUNCTION columna.refuse_former_key();
DROP FUNCTION columna.begin_delivery(text, text, text, text, uuid, text, bigint);
DROP FUNCTION columna.receive_keyed_instance(text, text, text, text, text, text, text, text, bigint, text[], boolean, uuid);
DROP FUNCTION columna.open_arrival(text, text, text, uuid);
DROP FUNCTION columna.arrivals_are_keyed();
DROP TABLE columna.arrival_keys;
ALTER TABLE columna.workers DROP COLUMN schema_version;
COMMENT ON COLUMN columna.arrivals.study_key IS 'Hash of tenant and Study Instance UID.';
COMMENT ON COLUMN columna.deliveries.object_key IS 'Hash of tenant and SOP Instance UID.';
