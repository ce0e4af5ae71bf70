-- Who the pseudonyms of de-identified studies stand for. Originals come here sealed (AES-256-GCM) by a key that no database ever sees, so a
-- dump of it tells nothing; and even the sealed rows are read by one role only, through one function, which writes down who asked and why.
--
-- Recorders (ingestion) may add rows and read none; custodians (delivery, a data protection officer) may ask for originals. Both roles have
-- no login: grant them to those that workers or people use. One account for everything, as in compose.yaml, owns the functions anyhow;
-- there the key's file is what parts ingestion and delivery from the rest.
DO $$
BEGIN
    CREATE ROLE columna_custodian NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
DO $$
BEGIN
    CREATE ROLE columna_recorder NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

CREATE SCHEMA custody;
COMMENT ON SCHEMA custody IS 'Originals of pseudonyms, sealed; grant role columna_custodian to let somebody ask for them.';

CREATE TABLE custody.identities (
    tenant text NOT NULL,
    pseudonym text NOT NULL,
    kind text NOT NULL,
    key_id text NOT NULL,
    nonce bytea NOT NULL,
    ciphertext bytea NOT NULL,
    tag bytea NOT NULL,
    digest bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, pseudonym),
    CONSTRAINT identities_sealed CHECK (octet_length(nonce) = 12 AND octet_length(tag) = 16 AND octet_length(ciphertext) > 0),
    CONSTRAINT identities_digest_keyed CHECK (octet_length(digest) = 32)
);
COMMENT ON TABLE custody.identities IS 'What each pseudonym stands for, sealed for its tenant, kind and pseudonym.';
COMMENT ON COLUMN custody.identities.kind IS 'patient-id, patient-name, study-uid, series-uid, sop-instance-uid, frame-of-reference-uid or other.';
COMMENT ON COLUMN custody.identities.key_id IS 'Which line of the key file opens it.';
COMMENT ON COLUMN custody.identities.digest IS 'Keyed digest of the original: finds a pseudonym by its original without opening a row.';
CREATE INDEX identities_by_digest ON custody.identities (tenant, digest);

CREATE TABLE custody.readings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happened_at timestamptz NOT NULL,
    actor text NOT NULL,
    account text NOT NULL,
    tenant text NOT NULL,
    purpose text NOT NULL,
    asked integer NOT NULL,
    opened text[] NOT NULL,
    CONSTRAINT readings_purpose_given CHECK (purpose <> '' AND actor <> '')
);
COMMENT ON TABLE custody.readings IS 'Who asked for originals, when and what for. Rows are added, never changed.';
COMMENT ON COLUMN custody.readings.account IS 'The database account that asked, which it cannot choose.';
COMMENT ON COLUMN custody.readings.opened IS 'The pseudonyms whose sealed originals were handed out.';
CREATE TRIGGER readings_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON custody.readings
FOR EACH STATEMENT EXECUTE FUNCTION columna.audit_refuse_change();

-- Adds rows; those that are there stay, but an attribute of a study (kind other) that was corrected is sealed anew. Bytes are hexadecimal.
CREATE FUNCTION custody.record_identities(
    of_tenant text, pseudonyms text[], kinds text[], key_id text, nonces text[], ciphertexts text[], tags text[], digests text[], at timestamptz
) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH added AS (
        INSERT INTO custody.identities AS identity (tenant, pseudonym, kind, key_id, nonce, ciphertext, tag, digest, recorded_at)
        SELECT
            of_tenant, given.pseudonym, given.kind, record_identities.key_id, decode(given.nonce, 'hex'), decode(given.ciphertext, 'hex'),
            decode(given.tag, 'hex'), decode(given.digest, 'hex'), at
        FROM unnest(pseudonyms, kinds, nonces, ciphertexts, tags, digests) AS given (pseudonym, kind, nonce, ciphertext, tag, digest)
        -- The same order everywhere, so that two instances of a study recorded at once never wait for each other in a circle.
        ORDER BY given.pseudonym
        ON CONFLICT (tenant, pseudonym) DO UPDATE
        SET
            key_id = EXCLUDED.key_id,
            nonce = EXCLUDED.nonce,
            ciphertext = EXCLUDED.ciphertext,
            tag = EXCLUDED.tag,
            digest = EXCLUDED.digest,
            recorded_at = EXCLUDED.recorded_at
        WHERE identity.kind = 'other' AND EXCLUDED.kind = 'other' AND identity.digest <> EXCLUDED.digest
        RETURNING 1
    )
    SELECT count(*) FROM added
$$;

-- Hands out sealed originals of one tenant, and writes down that it did. Finds them by pseudonym, or by digest of the original.
CREATE FUNCTION custody.open_identities(of_tenant text, pseudonyms text[], digests text[], actor text, purpose text, at timestamptz)
RETURNS TABLE (pseudonym text, kind text, key_id text, nonce text, ciphertext text, tag text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found text[];
BEGIN
    found := ARRAY(
        SELECT identity.pseudonym
        FROM custody.identities AS identity
        WHERE identity.tenant = of_tenant
            AND (
                identity.pseudonym = ANY (pseudonyms)
                OR identity.digest = ANY (ARRAY(SELECT decode(hexadecimal, 'hex') FROM unnest(digests) AS hexadecimal))
            )
        ORDER BY identity.pseudonym
    );
    INSERT INTO custody.readings (happened_at, actor, account, tenant, purpose, asked, opened)
    VALUES (at, open_identities.actor, session_user, of_tenant, open_identities.purpose, cardinality(pseudonyms) + cardinality(digests), found);
    RETURN QUERY
    SELECT
        identity.pseudonym, identity.kind, identity.key_id, encode(identity.nonce, 'hex'), encode(identity.ciphertext, 'hex'),
        encode(identity.tag, 'hex')
    FROM custody.identities AS identity
    WHERE identity.tenant = of_tenant AND identity.pseudonym = ANY (found)
    ORDER BY identity.pseudonym;
END
$$;

-- Functions are everybody's unless one says otherwise.
REVOKE ALL ON FUNCTION custody.record_identities FROM PUBLIC;
REVOKE ALL ON FUNCTION custody.open_identities FROM PUBLIC;
GRANT USAGE ON SCHEMA custody TO columna_custodian, columna_recorder;
GRANT EXECUTE ON FUNCTION custody.record_identities TO columna_recorder;
GRANT EXECUTE ON FUNCTION custody.open_identities TO columna_custodian;
GRANT SELECT ON custody.readings TO columna_custodian;
