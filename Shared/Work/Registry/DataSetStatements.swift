import Persistence

/// Statements on data sets as a whole.
enum DataSetStatements {
    // MARK: Orders

    /// Tenant, data set, case, study, source digest.
    static let recordImport = Statement(
        "record_case_import",
        """
        INSERT INTO columna.case_imports (tenant, data_set, case_name, study, source_digest, ordered_at)
        VALUES ($1, $2, $3, $4, $5, columna.now())
        ON CONFLICT (tenant, data_set, case_name) DO UPDATE
        SET refusal = NULL, is_known_broken = false, \(Statement.excluded("study", "source_digest", "ordered_at"))
        """)

    /// Tenant, data set; of cases: names, reasons, source digests, and the names of those that others found to be broken. Of a case that is there, or under way, it was another order.
    static let recordRefusals = Statement(
        "record_case_refusals",
        """
        INSERT INTO columna.case_imports (tenant, data_set, case_name, refusal, source_digest, is_known_broken, ordered_at)
        SELECT $1, $2, item.name, item.reason, item.digest, item.name = ANY($6::text[]), columna.now()
        FROM unnest($3::text[], $4::text[], $5::text[]) AS item (name, reason, digest)
        WHERE NOT EXISTS (
            SELECT
            FROM columna.data_set_cases AS known
            WHERE known.tenant = $1 AND known.data_set = $2 AND known.name = item.name
        )
        ON CONFLICT (tenant, data_set, case_name) DO UPDATE
        SET study = NULL, \(Statement.excluded("refusal", "source_digest", "is_known_broken", "ordered_at"))
        WHERE NOT EXISTS (
            SELECT
            FROM columna.studies AS study
            WHERE study.id = case_imports.study AND study.state IN ('submitted', 'succeeded')
        )
        """)

    /// Tenant, data set.
    static let imports = Statement(
        "case_imports",
        """
        SELECT
            ordered.case_name, ordered.study, ordered.source_digest,
            CASE
                WHEN ordered.is_known_broken AND ordered.refusal IS NOT NULL THEN 'known-broken'
                WHEN ordered.study IS NULL THEN 'refused'
                WHEN study.state = 'submitted' THEN 'under-way'
                WHEN study.state = 'succeeded' THEN 'arrived'
                ELSE 'failed'
            END AS state,
            coalesce(ordered.refusal, failure.reason, CASE WHEN study.state = 'cancelled' THEN 'it was cancelled' END) AS reason
        FROM columna.case_imports AS ordered
        LEFT JOIN columna.studies AS study ON study.id = ordered.study
        LEFT JOIN LATERAL (
            SELECT job.failure_code || ': ' || job.failure_reason AS reason
            FROM columna.jobs AS job
            WHERE study.state = 'dead' AND job.study = study.id AND job.state = 'dead'
            ORDER BY job.finished_at, job.id
            LIMIT 1
        ) AS failure ON true
        WHERE ordered.tenant = $1 AND ordered.data_set = $2
        ORDER BY ordered.case_name COLLATE "C"
        """)

    /// Tenant, data set, names (null: all).
    static let removeCases = Statement(
        "remove_cases",
        """
        DELETE FROM columna.data_set_cases
        WHERE tenant = $1 AND data_set = $2 AND ($3::text[] IS NULL OR name = ANY($3))
        RETURNING name
        """)

    /// Tenant, data set, names (null: all).
    static let removeImports = Statement(
        "remove_case_imports",
        """
        DELETE FROM columna.case_imports
        WHERE tenant = $1 AND data_set = $2 AND ($3::text[] IS NULL OR case_name = ANY($3))
        """)

    /// Tenant, data set. Nothing where it has cases.
    static let removeFoldsOfNone = Statement(
        "remove_folds_of_none",
        """
        DELETE FROM columna.data_set_folds
        WHERE tenant = $1 AND data_set = $2
            AND NOT EXISTS (SELECT FROM columna.data_set_cases AS known WHERE known.tenant = $1 AND known.data_set = $2)
        """)

    // MARK: Checks

    /// A study's labels are checked once.
    static let checking = [
        FactStatements.statement(
            "check_labels",
            """
            INSERT INTO columna.label_checks (study, job, needs_review, decisions, checked_at)
            SELECT
                (data ->> 'study')::uuid, job, (data ->> 'needsReview')::boolean,
                ARRAY(SELECT jsonb_array_elements_text(data -> 'decisions')), columna.now()
            FROM fact
            ON CONFLICT DO NOTHING
            """),
        FactStatements.statement(
            "record_label_check_classes",
            """
            INSERT INTO columna.label_check_classes (study, class_value, class_name, voxels, volume_ml, component_count, is_cut)
            SELECT
                (fact.data ->> 'study')::uuid, item.value, item.name, item.voxels, item."volumeInMillilitres", item."componentCount",
                item."isCut"
            FROM fact
            CROSS JOIN LATERAL jsonb_to_recordset(data -> 'classes') AS item (
                value integer, name text, voxels bigint, "volumeInMillilitres" double precision, "componentCount" integer,
                "isCut" boolean)
            ON CONFLICT DO NOTHING
            """),
        FactStatements.statement(
            "record_label_check_findings",
            """
            INSERT INTO columna.label_check_findings (study, position, kind, severity, class_values, sentence)
            SELECT
                (fact.data ->> 'study')::uuid, item.place::integer, item.value ->> 'kind', item.value ->> 'severity',
                ARRAY(SELECT jsonb_array_elements_text(item.value -> 'classValues')::integer), item.value ->> 'sentence'
            FROM fact
            CROSS JOIN LATERAL jsonb_array_elements(data -> 'findings') WITH ORDINALITY AS item (value, place)
            ON CONFLICT DO NOTHING
            """),
    ]

    /// The checks of a data set's cases as a relation. A case that was prepared anew is no study's any more.
    private static let checksOfCases = """
        columna.data_set_cases AS case_row
        JOIN columna.jobs AS job ON job.id = case_row.job
        LEFT JOIN columna.case_imports AS ordered
            ON ordered.tenant = case_row.tenant AND ordered.data_set = case_row.data_set AND ordered.case_name = case_row.name
        JOIN columna.label_checks AS label_check ON label_check.study = coalesce(job.study, ordered.study)
        """

    /// Tenant, data set. A line a decision; a case without any has one with null.
    static let checks = Statement(
        "label_checks",
        """
        SELECT case_row.name, label_check.study, decision.sentence
        FROM \(checksOfCases)
        LEFT JOIN LATERAL unnest(label_check.decisions) WITH ORDINALITY AS decision (sentence, place) ON true
        WHERE case_row.tenant = $1 AND case_row.data_set = $2
        ORDER BY case_row.name COLLATE "C", decision.place
        """)

    /// Tenant, data set.
    static let checkedClasses = Statement(
        "label_check_classes",
        """
        SELECT
            case_row.name, class.class_value, class.class_name, class.voxels, class.volume_ml, class.component_count, class.is_cut
        FROM \(checksOfCases)
        JOIN columna.label_check_classes AS class ON class.study = label_check.study
        WHERE case_row.tenant = $1 AND case_row.data_set = $2
        ORDER BY case_row.name COLLATE "C", class.class_value
        """)

    /// Tenant, data set.
    static let checkedFindings = Statement(
        "label_check_findings",
        """
        SELECT
            case_row.name, finding.kind, finding.severity, array_to_string(finding.class_values, ',') AS class_values, finding.sentence
        FROM \(checksOfCases)
        JOIN columna.label_check_findings AS finding ON finding.study = label_check.study
        WHERE case_row.tenant = $1 AND case_row.data_set = $2
        ORDER BY case_row.name COLLATE "C", finding.position
        """)

    // MARK: Folds

    /// Tenant, data set.
    static let deleteFolds = Statement(
        "delete_folds",
        """
        DELETE FROM columna.data_set_folds
        WHERE tenant = $1 AND data_set = $2
        """)

    /// Tenant, data set; of a fold's cases: folds, names, whether it is validated on them.
    static let recordFolds = Statement(
        "record_folds",
        """
        INSERT INTO columna.data_set_folds (tenant, data_set, fold, case_name, is_validation)
        SELECT $1, $2, item.fold::integer, item.name, item.is_validation
        FROM unnest($3::bigint[], $4::text[], $5::boolean[]) AS item (fold, name, is_validation)
        """)

    /// Tenant, data set.
    static let folds = Statement(
        "folds",
        """
        SELECT fold, case_name, is_validation
        FROM columna.data_set_folds
        WHERE tenant = $1 AND data_set = $2
        ORDER BY fold, case_name COLLATE "C"
        """)
}
