/// Statements of the migrator about itself.
enum MigrationStatements {
    /// Its own schema, since migration 001 down drops `columna`. IF NOT EXISTS is not safe against a second migrator;
    /// the lock is.
    static let prepareSchema = """
        BEGIN;
        SELECT pg_advisory_xact_lock(\(AdvisoryLock.migrations.rawValue), 0);
        CREATE SCHEMA IF NOT EXISTS columna_schema;
        CREATE TABLE IF NOT EXISTS columna_schema.schema_migrations (
            number integer PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        );
        COMMENT ON TABLE columna_schema.schema_migrations IS 'Which migrations this database has seen; kept by columna migrate.';
        CREATE TABLE IF NOT EXISTS columna_schema.views (
            name text PRIMARY KEY,
            checksum text NOT NULL,
            made_at timestamptz NOT NULL DEFAULT now()
        );
        COMMENT ON TABLE columna_schema.views IS 'Which views of analytics were made from files, and from which text; kept by columna migrate.';
        COMMIT;
        """

    static let lock = Statement(
        "lock_migrations",
        """
        SELECT pg_advisory_xact_lock(\(AdvisoryLock.migrations.rawValue), 0)
        """)

    static let exists = Statement(
        "table_exists",
        """
        SELECT to_regclass($1) IS NOT NULL AS exists
        """)

    /// By the server's own clock, since an old schema has no other. Whoever has stopped said so.
    static let liveWorkers = Statement(
        "live_workers",
        """
        SELECT id
        FROM columna.workers
        WHERE state <> 'stopped' AND heartbeat_at >= now() - make_interval(secs => $1)
        ORDER BY id
        """)

    static let applied = Statement(
        "applied_migrations",
        """
        SELECT number, name, checksum, applied_at
        FROM columna_schema.schema_migrations
        ORDER BY number
        """)

    static let insert = Statement(
        "insert_migration",
        """
        INSERT INTO columna_schema.schema_migrations (number, name, checksum)
        VALUES ($1::bigint::integer, $2, $3)
        """)

    static let delete = Statement(
        "delete_migration",
        """
        DELETE FROM columna_schema.schema_migrations
        WHERE number = $1
        """)

    /// Checksum null: not made from a file. A view that somebody dropped counts as never made.
    static let presentViews = Statement(
        "present_views",
        """
        SELECT present.relname::text AS name, made.checksum
        FROM pg_class AS present
        LEFT JOIN columna_schema.views AS made ON made.name = present.relname
        WHERE present.relnamespace = to_regnamespace('analytics') AND present.relkind = 'v'
        """)

    /// What people may do with views, as statements that allow it again.
    static let viewGrants = Statement(
        "view_grants",
        """
        SELECT
            view.relname::text AS name,
            format(
                'GRANT %s ON analytics.%I TO %s%s', given.privilege_type, view.relname,
                CASE WHEN given.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END,
                CASE WHEN given.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
        FROM pg_class AS view
        CROSS JOIN aclexplode(view.relacl) AS given
        WHERE view.relnamespace = to_regnamespace('analytics') AND view.relkind = 'v' AND given.grantee <> view.relowner
        """)

    static let recordView = Statement(
        "record_view",
        """
        INSERT INTO columna_schema.views (name, checksum)
        VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE
        SET checksum = excluded.checksum, made_at = now()
        """)

    static let forgetView = Statement(
        "forget_view",
        """
        DELETE FROM columna_schema.views
        WHERE name = $1
        """)

    /// Names come from file names, which are checked.
    static func dropView(_ name: String) -> String { "DROP VIEW IF EXISTS analytics.\(name)" }
}
