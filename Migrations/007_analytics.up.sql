-- replaces: 7bdbaa86dad1fb12
-- A place for the views of analysts (views/), and a role that can read them and nothing else. The role has no login: grant it to people's own roles
-- (GRANT columna_analyst TO anna). Roles belong to the whole server, so several databases may try to create it at once.
DO $$
BEGIN
    CREATE ROLE columna_analyst NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

CREATE SCHEMA analytics;
COMMENT ON SCHEMA analytics IS 'What analysts read; grant role columna_analyst to let somebody in.';

GRANT USAGE ON SCHEMA analytics TO columna_analyst;
