DELETE FROM columna.kind_limits WHERE kind IN ('retrieve-study', 'deliver-segmentation');
DROP TABLE columna.deliveries;
DROP FUNCTION columna.receive_instance(text, text, text, text, text, bigint, text[], boolean, timestamptz, uuid);
DROP TABLE columna.arrived_instances;
DROP TABLE columna.arrivals;
DROP TYPE columna.arrival_state;
