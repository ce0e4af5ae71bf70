-- The views as 019 left them; the migrator has taken away those of the files.
DO $$
DECLARE
    former columna_schema.numbered_views;
BEGIN
    FOR former IN SELECT * FROM columna_schema.numbered_views WHERE to_regclass('analytics.' || quote_ident(name)) IS NULL ORDER BY name LOOP
        EXECUTE former.definition;
        EXECUTE former.comments;
        EXECUTE format('GRANT SELECT ON analytics.%I TO columna_analyst', former.name);
    END LOOP;
END
$$;
DROP TABLE columna_schema.numbered_views;
