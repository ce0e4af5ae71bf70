-- Studies that come as files, their instances and what is sent back go by the tenant's keyed pseudonyms of their UIDs. Until here they went by
-- SHA-256 of tenant and UID, and whoever had a list of UIDs could find them by trying.
--
-- Programs of before and after work on one database during an upgrade, and those of before look for the former keys only. So a study that is
-- there under its former key keeps it, with all that comes late, and new ones get keyed names from the moment on at which no ingestion worker of
-- before is at work (columna.arrivals_are_keyed). That moment comes once. One of before that turns up after it goes on with the studies that it
-- began; a new one is refused to it as a thing that passes (SQLSTATE 55000), so that the sender tries again and no study is split in two.
ALTER TABLE columna.workers ADD COLUMN schema_version integer;
COMMENT ON COLUMN columna.workers.schema_version IS 'The schema that its program was made for; null: one of before 21, which did not say.';

CREATE TABLE columna.arrival_keys (
    is_only_row boolean PRIMARY KEY DEFAULT true,
    keyed_since timestamptz,
    CONSTRAINT arrival_keys_one_row CHECK (is_only_row)
);
COMMENT ON TABLE columna.arrival_keys IS 'What new arrivals and deliveries go by.';
COMMENT ON COLUMN columna.arrival_keys.keyed_since IS 'Since when by keyed pseudonyms; null: by unkeyed hashes still, for workers of before are there.';
INSERT INTO columna.arrival_keys DEFAULT VALUES;

COMMENT ON COLUMN columna.arrivals.study_key IS 'Pseudonym of the Study Instance UID by the tenant''s key (2.25.…); of a study from before 021 hash of tenant and UID (32 digits).';
COMMENT ON COLUMN columna.deliveries.object_key IS 'Pseudonym of the SOP Instance UID by the tenant''s key (2.25.…); of before 021 hash of tenant and UID (32 digits).';

-- Once a transaction has been told that keys are former ones, nobody can change that before it ends: it holds the row. It asks once.
CREATE FUNCTION columna.arrivals_are_keyed() RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
BEGIN
    IF EXISTS (SELECT FROM columna.arrival_keys WHERE keyed_since IS NOT NULL) THEN
        RETURN true;
    END IF;
    UPDATE columna.arrival_keys
    SET keyed_since = columna.now()
    WHERE keyed_since IS NULL AND NOT EXISTS (
        SELECT FROM columna.workers AS worker
        WHERE worker.stage = 'ingestion' AND worker.state <> 'stopped' AND coalesce(worker.schema_version, 0) < 21
            AND worker.heartbeat_at > columna.now() - interval '10 minutes');
    SELECT keyed_since INTO since FROM columna.arrival_keys FOR SHARE;
    RETURN since IS NOT NULL;
END
$$;
COMMENT ON FUNCTION columna.arrivals_are_keyed() IS
'Whether new arrivals and deliveries go by keyed names; begins it when no ingestion worker of before 021 has been heard of for ten minutes.';

CREATE FUNCTION columna.open_arrival(the_tenant text, the_study_key text, former_study_key text, new_arrival uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    known text;
    is_keyed boolean;
BEGIN
    SELECT a.study_key INTO known FROM columna.arrivals AS a
    WHERE a.tenant = the_tenant AND a.study_key IN (the_study_key, former_study_key) AND a.state <> 'superseded';
    IF FOUND THEN
        RETURN known;
    END IF;
    is_keyed := columna.arrivals_are_keyed();
    -- Again: while it was asked, another may have opened it under the other key.
    SELECT a.study_key INTO known FROM columna.arrivals AS a
    WHERE a.tenant = the_tenant AND a.study_key IN (the_study_key, former_study_key) AND a.state <> 'superseded';
    IF FOUND THEN
        RETURN known;
    END IF;
    known := CASE WHEN is_keyed THEN the_study_key ELSE former_study_key END;
    INSERT INTO columna.arrivals (id, tenant, study_key, revision, opened_at)
    VALUES (new_arrival, the_tenant, known, 1, columna.now())
    ON CONFLICT DO NOTHING;
    RETURN known;
END
$$;
COMMENT ON FUNCTION columna.open_arrival(text, text, text, uuid) IS
'Makes the arrival of a study if there is none in force; the key that it has, for as long as it is known.';

-- An arrival's instances go by the same kind of key as its study: who knows one of before knows them all.
CREATE FUNCTION columna.receive_keyed_instance(
    the_tenant text, the_study_key text, former_study_key text, the_instance_key text, former_instance_key text, the_series_key text,
    former_series_key text, the_address text, the_byte_count bigint, the_risks text[], can_supersede boolean, new_arrival uuid, OUT study_key text,
    OUT arrival uuid, OUT revision integer, OUT is_news boolean
)
LANGUAGE plpgsql AS $$
DECLARE
    is_former boolean;
BEGIN
    study_key := columna.open_arrival(the_tenant, the_study_key, former_study_key, new_arrival);
    is_former := study_key = former_study_key;
    SELECT received.arrival, received.revision, received.is_news INTO arrival, revision, is_news
    FROM columna.receive_instance(
        the_tenant, study_key, CASE WHEN is_former THEN former_instance_key ELSE the_instance_key END,
        CASE WHEN is_former THEN former_series_key ELSE the_series_key END, the_address, the_byte_count, the_risks, can_supersede, columna.now(),
        new_arrival) AS received;
END
$$;
COMMENT ON FUNCTION columna.receive_keyed_instance(
    text, text, text, text, text, text, text, text, bigint, text[], boolean, uuid) IS
'receive_instance under the keyed names, or under the former ones where the study has one of those.';

CREATE FUNCTION columna.begin_delivery(
    the_destination text, the_object_key text, former_object_key text, the_tenant text, the_study uuid, the_address text, the_byte_count bigint,
    OUT is_new boolean, OUT is_stored boolean
)
LANGUAGE plpgsql AS $$
DECLARE
    is_keyed boolean;
BEGIN
    -- The job that made the object records it as its output when it ends; the ledger names it before.
    INSERT INTO columna.artifacts (address, byte_count, media_type)
    VALUES (the_address, the_byte_count, 'application/dicom')
    ON CONFLICT DO NOTHING;
    is_new := false;
    SELECT d.stored_at IS NOT NULL INTO is_stored FROM columna.deliveries AS d
    WHERE d.destination = the_destination AND d.object_key IN (the_object_key, former_object_key);
    IF FOUND THEN
        RETURN;
    END IF;
    is_keyed := columna.arrivals_are_keyed();
    SELECT d.stored_at IS NOT NULL INTO is_stored FROM columna.deliveries AS d
    WHERE d.destination = the_destination AND d.object_key IN (the_object_key, former_object_key);
    IF FOUND THEN
        RETURN;
    END IF;
    INSERT INTO columna.deliveries (destination, object_key, tenant, study, address, begun_at)
    VALUES (
        the_destination, CASE WHEN is_keyed THEN the_object_key ELSE former_object_key END, the_tenant, the_study, the_address, columna.now())
    ON CONFLICT DO NOTHING;
    is_new := FOUND;
    is_stored := false;
END
$$;
COMMENT ON FUNCTION columna.begin_delivery(text, text, text, text, uuid, text, bigint) IS
'Notes that an object is about to be sent, unless somebody has noted it under either key.';

CREATE FUNCTION columna.refuse_former_key() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz;
BEGIN
    IF TG_TABLE_NAME = 'deliveries' THEN
        IF EXISTS (SELECT FROM columna.deliveries AS d WHERE d.destination = NEW.destination AND d.object_key = NEW.object_key) THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT keyed_since INTO since FROM columna.arrival_keys FOR SHARE;
    IF since IS NOT NULL THEN
        RAISE EXCEPTION
            'this ingestion program is older than the database and cannot name a new study as it must be named: start the newer one in its place'
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER arrivals_refuse_former_keys BEFORE INSERT ON columna.arrivals
FOR EACH ROW WHEN (NEW.revision = 1 AND NEW.study_key ~ '^[0-9a-f]{32}$') EXECUTE FUNCTION columna.refuse_former_key();
CREATE TRIGGER deliveries_refuse_former_keys BEFORE INSERT ON columna.deliveries
FOR EACH ROW WHEN (NEW.object_key ~ '^[0-9a-f]{32}$') EXECUTE FUNCTION columna.refuse_former_key();
