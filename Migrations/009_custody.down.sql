-- Takes back 009: drops the originals for good; what is de-identified stays so. The roles stay: they belong to the server.
DROP FUNCTION custody.open_identities;
DROP FUNCTION custody.record_identities;
DROP TABLE custody.readings;
DROP TABLE custody.identities;
DROP SCHEMA custody;
