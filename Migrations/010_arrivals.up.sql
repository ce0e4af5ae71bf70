-- replaces: 7814d85811712e56
-- Studies that come as DICOM files over time (C-STORE, retrievals), in revisions; and the ledger of what went back. Keys are hashes of tenant
-- and UID: no patient data.
CREATE TYPE columna.arrival_state AS ENUM ('open', 'settling', 'complete', 'superseded');

CREATE TABLE columna.arrivals (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    study_key text NOT NULL,
    revision integer NOT NULL,
    state columna.arrival_state NOT NULL DEFAULT 'open',
    expected_count integer,
    is_declared_complete boolean NOT NULL DEFAULT false,
    opened_at timestamptz NOT NULL,
    completed_at timestamptz,
    signal text,
    study uuid,
    CONSTRAINT arrivals_count_revisions_from_one CHECK (revision >= 1),
    CONSTRAINT arrivals_one_per_revision UNIQUE (tenant, study_key, revision),
    CONSTRAINT arrivals_expected_count_positive CHECK (expected_count >= 1),
    CONSTRAINT arrivals_signal_known CHECK (signal IN ('quiet', 'count', 'message', 'retrieved', 'gave-up')),
    CONSTRAINT arrivals_complete_by_a_signal CHECK (
        (state IN ('complete', 'superseded')) = (signal IS NOT NULL) AND (signal IS NULL) = (completed_at IS NULL)),
    CONSTRAINT arrivals_complete_with_a_study CHECK (signal IS NULL OR study IS NOT NULL)
);
COMMENT ON TABLE columna.arrivals IS 'One revision of a study that comes as files over time; Arrival (Swift) draws the states.';
COMMENT ON COLUMN columna.arrivals.study_key IS 'Hash of tenant and Study Instance UID.';
COMMENT ON COLUMN columna.arrivals.signal IS 'Why it was taken for complete.';
COMMENT ON COLUMN columna.arrivals.study IS 'The study made of it; before that, the retrieval that keeps it (no foreign key: inserted in one transaction with it).';
CREATE UNIQUE INDEX arrivals_one_in_force ON columna.arrivals (tenant, study_key) WHERE state <> 'superseded';
CREATE INDEX arrivals_unsettled ON columna.arrivals (opened_at) WHERE state IN ('open', 'settling');
CREATE INDEX arrivals_superseded ON columna.arrivals (study) WHERE state = 'superseded';
CREATE INDEX arrivals_newest_first ON columna.arrivals (opened_at DESC, id);

CREATE TABLE columna.arrived_instances (
    arrival uuid NOT NULL REFERENCES columna.arrivals (id),
    instance_key text NOT NULL,
    series_key text NOT NULL,
    address text NOT NULL REFERENCES columna.artifacts (address),
    risks text[] NOT NULL DEFAULT '{}',
    received_at timestamptz NOT NULL,
    PRIMARY KEY (arrival, instance_key)
);
COMMENT ON TABLE columna.arrived_instances IS 'The SOP instances of an arrival; a later revision has those of the former too.';
COMMENT ON COLUMN columna.arrived_instances.risks IS 'Ways in which it may still show who the patient is, such as burned-in-annotation.';

-- Senders of one study do not wait for each other: they share the arrival's row, and only who changes its state takes it alone.
CREATE FUNCTION columna.receive_instance(
    the_tenant text, the_study_key text, the_instance_key text, the_series_key text, the_address text, the_byte_count bigint, the_risks text[],
    can_supersede boolean, now timestamptz, new_arrival uuid, OUT arrival uuid, OUT revision integer, OUT is_news boolean
)
LANGUAGE plpgsql AS $$
DECLARE
    it columna.arrivals;
BEGIN
    INSERT INTO columna.artifacts (address, byte_count, media_type)
    VALUES (the_address, the_byte_count, 'application/dicom')
    ON CONFLICT DO NOTHING;
    LOOP
        INSERT INTO columna.arrivals (id, tenant, study_key, revision, opened_at)
        SELECT new_arrival, the_tenant, the_study_key, 1, now
        WHERE NOT EXISTS (SELECT FROM columna.arrivals AS a WHERE a.tenant = the_tenant AND a.study_key = the_study_key AND a.state <> 'superseded')
        ON CONFLICT DO NOTHING;
        SELECT * INTO it FROM columna.arrivals AS a
        WHERE a.tenant = the_tenant AND a.study_key = the_study_key AND a.state = 'open'
        FOR SHARE;
        EXIT WHEN FOUND;
        SELECT * INTO it FROM columna.arrivals AS a
        WHERE a.tenant = the_tenant AND a.study_key = the_study_key AND a.state IN ('settling', 'complete')
        FOR UPDATE;
        EXIT WHEN FOUND;
    END LOOP;
    IF it.state = 'settling' THEN
        UPDATE columna.arrivals AS a SET state = 'open' WHERE a.id = it.id;
    ELSIF it.state = 'complete' THEN
        IF EXISTS (
            SELECT FROM columna.arrived_instances AS i
            WHERE i.arrival = it.id AND i.instance_key = the_instance_key AND i.address = the_address
        ) THEN
            arrival := it.id;
            revision := it.revision;
            is_news := false;
            RETURN;
        END IF;
    END IF;
    -- A report or a segmentation that comes late is kept beside the study, and nothing is done again because of it.
    IF it.state = 'complete' AND can_supersede THEN
        UPDATE columna.arrivals AS a SET state = 'superseded' WHERE a.id = it.id;
        INSERT INTO columna.arrivals (id, tenant, study_key, revision, opened_at)
        VALUES (new_arrival, the_tenant, the_study_key, it.revision + 1, now);
        INSERT INTO columna.arrived_instances (arrival, instance_key, series_key, address, risks, received_at)
        SELECT new_arrival, i.instance_key, i.series_key, i.address, i.risks, i.received_at
        FROM columna.arrived_instances AS i
        WHERE i.arrival = it.id;
        it.id := new_arrival;
        it.revision := it.revision + 1;
    END IF;
    INSERT INTO columna.arrived_instances AS known (arrival, instance_key, series_key, address, risks, received_at)
    VALUES (it.id, the_instance_key, the_series_key, the_address, the_risks, now)
    ON CONFLICT ON CONSTRAINT arrived_instances_pkey DO UPDATE
        SET address = excluded.address, series_key = excluded.series_key, risks = excluded.risks, received_at = excluded.received_at
        WHERE known.address <> excluded.address;
    is_news := FOUND;
    arrival := it.id;
    revision := it.revision;
END
$$;
COMMENT ON FUNCTION columna.receive_instance(text, text, text, text, text, bigint, text[], boolean, timestamptz, uuid) IS
'Adds an instance to its study''s arrival; opens the arrival, or the next revision when it was complete.';

CREATE TABLE columna.deliveries (
    destination text NOT NULL,
    object_key text NOT NULL,
    tenant text NOT NULL,
    study uuid NOT NULL REFERENCES columna.studies (id),
    address text NOT NULL REFERENCES columna.artifacts (address),
    begun_at timestamptz NOT NULL,
    stored_at timestamptz,
    PRIMARY KEY (destination, object_key)
);
COMMENT ON TABLE columna.deliveries IS 'The ledger of results that went to a PACS: begun before it is sent, stored when the destination has it.';
COMMENT ON COLUMN columna.deliveries.object_key IS 'Hash of tenant and SOP Instance UID.';
COMMENT ON COLUMN columna.deliveries.stored_at IS 'Null: somebody began, and whether it arrived must be asked of the destination first.';

INSERT INTO columna.kind_limits (kind, waiting, running, no_progress)
VALUES
    ('retrieve-study', '30 days', '12 hours', '1 hour'),
    ('deliver-segmentation', '30 days', '4 hours', '1 hour');
