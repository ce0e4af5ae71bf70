-- From here on numbered migrations hold tables only. The views of analytics stand in views/, a file each, and are made again by the migrator when
-- their text changed. Those of 007 to 019 stay until the files replace them in place, so that grants and views of a hospital's own that stand on
-- them stay as well.
--
-- What they were is kept for the way down: below 020 they belong to the migrations again.
CREATE TABLE columna_schema.numbered_views AS
SELECT
    view.relname::text AS name,
    format('CREATE VIEW analytics.%I AS %s', view.relname, pg_get_viewdef(view.oid)) AS definition,
    (
        SELECT string_agg(
            CASE
                WHEN comment.objsubid = 0 THEN format('COMMENT ON VIEW analytics.%I IS %L;', view.relname, comment.description)
                ELSE format('COMMENT ON COLUMN analytics.%I.%I IS %L;', view.relname, attribute.attname, comment.description)
            END, E'\n' ORDER BY comment.objsubid)
        FROM pg_description AS comment
        LEFT JOIN pg_attribute AS attribute ON attribute.attrelid = comment.objoid AND attribute.attnum = comment.objsubid
        WHERE comment.objoid = view.oid AND comment.classoid = 'pg_class'::regclass
    ) AS comments
FROM pg_class AS view
WHERE view.relnamespace = 'analytics'::regnamespace AND view.relkind = 'v';
COMMENT ON TABLE columna_schema.numbered_views IS 'The views as migrations 007 to 019 made them: what the way down from 020 makes again.';
