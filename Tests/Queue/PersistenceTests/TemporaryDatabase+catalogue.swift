import Persistence
import TestSupport

extension TemporaryDatabase {
    /// All that PostgreSQL knows of Columna's schemas, a line each: relations with their options and grants, views'
    /// definitions, columns in order, constraints, indexes, triggers, functions, enums and comments.
    func catalogue() async throws -> [String] {
        try await strings(
            """
            WITH schema AS (
                SELECT oid, nspname, nspacl FROM pg_namespace WHERE nspname IN ('columna', 'columna_schema', 'analytics', 'custody')
            ), relation AS (
                SELECT class.oid, class.relkind, class.reloptions, class.relacl
                FROM pg_class AS class JOIN schema ON schema.oid = class.relnamespace
                WHERE class.relkind IN ('r', 'v', 'S')
            )
            SELECT line AS name FROM (
                SELECT format('grant %s: %s', nspname, entry) AS line FROM schema CROSS JOIN unnest(nspacl) AS entry
                UNION ALL
                SELECT format('relation %s: %s %s', oid::regclass, relkind, reloptions) FROM relation
                UNION ALL
                SELECT format('grant %s: %s', oid::regclass, entry) FROM relation CROSS JOIN unnest(relacl) AS entry
                UNION ALL
                SELECT format('definition %s: %s', oid::regclass, pg_get_viewdef(oid)) FROM relation WHERE relkind = 'v'
                UNION ALL
                SELECT format(
                    'column %s %s: %s %s %s %s %s', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod),
                    attnotnull, attidentity, pg_get_expr(adbin, adrelid))
                FROM pg_attribute
                JOIN relation ON relation.oid = attrelid
                LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
                WHERE attnum > 0 AND NOT attisdropped
                UNION ALL
                SELECT format('constraint %s %s: %s', conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
                FROM pg_constraint JOIN relation ON relation.oid = conrelid
                UNION ALL
                SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN relation ON relation.oid = indrelid
                UNION ALL
                SELECT pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger JOIN relation ON relation.oid = tgrelid WHERE NOT tgisinternal
                UNION ALL
                SELECT format('%s %s', pg_get_functiondef(pg_proc.oid), proacl) FROM pg_proc JOIN schema ON schema.oid = pronamespace
                UNION ALL
                SELECT format('enum %s: %s', enumtypid::regtype, array_agg(enumlabel ORDER BY enumsortorder)) FROM pg_enum GROUP BY enumtypid
                UNION ALL
                SELECT format('comment %s: %s', object.identity, description)
                FROM pg_description
                CROSS JOIN pg_identify_object(classoid, objoid, objsubid) AS object
                WHERE coalesce(object.schema, object.name) IN (SELECT nspname FROM schema)
            ) AS lines
            ORDER BY line COLLATE "C"
            """)
    }

    /// The column `name` of a query's rows.
    func strings(_ sql: String) async throws -> [String] {
        try await pool.run(Statement("strings_\(sql.hashValue)", sql)()).map { try $0.string("name") }
    }
}
