import Foundation
import Persistence

/// Statements on snapshots, evaluations and comparisons.
enum EvaluationStatements {
    /// What writes a summary; written again, it replaces the former one.
    static let summarizing = [
        delete("delete_bad_case_reasons", from: "bad_case_reasons", of: "evaluation"),
        delete("delete_bad_cases", from: "bad_cases", of: "evaluation"),
        delete("delete_metric_summaries", from: "metric_summaries", of: "evaluation"),
        insert("record_metric_summaries", into: "metric_summaries", of: "evaluation", "summariesJSON"),
        insert("record_bad_cases", into: "bad_cases", of: "evaluation", "badCasesJSON"),
        insert("record_bad_case_reasons", into: "bad_case_reasons", of: "evaluation", "reasonsJSON"),
    ]

    static let comparing = [
        delete("delete_metric_comparisons", from: "metric_comparisons", of: "comparison"),
        insert("record_metric_comparisons", into: "metric_comparisons", of: "comparison", "rowsJSON"),
    ]

    private static func delete(_ name: String, from table: String, of owner: String) -> Statement {
        FactStatements.statement(
            name,
            """
            DELETE FROM columna.\(table)
            WHERE \(owner) = (SELECT (data ->> '\(owner)')::uuid FROM fact)
            """)
    }

    /// - Parameter key: of a JSON array of rows without their owner, as text.
    private static func insert(_ name: String, into table: String, of owner: String, _ key: String) -> Statement {
        FactStatements.statement(
            name,
            FactStatements.insert(
                into: table, from: "(data ->> '\(key)')::jsonb",
                common: "jsonb_build_object('\(owner)', data -> '\(owner)')"))
    }

    /// Data set, tenant. Volume and truth are what the job that prepared the case read.
    static let sourceCases = Statement(
        "source_cases",
        """
        SELECT
            \(CatalogStatements.caseColumns),
            volume.address AS volume, volume.role AS volume_role, volume.byte_count AS volume_byte_count, volume.media_type AS volume_media_type,
            truth.address AS truth, truth.role AS truth_role, truth.byte_count AS truth_byte_count, truth.media_type AS truth_media_type
        FROM \(CatalogStatements.casesWithArtifacts)
        JOIN \(input("volume"))
        JOIN \(input("truth"))
        WHERE case_row.data_set = $1 AND case_row.tenant = $2
        ORDER BY case_row.name COLLATE "C"
        """)

    /// What the case's job read in a role, as a relation of the role's name.
    private static func input(_ role: String) -> String {
        """
        LATERAL (
            SELECT link.address, link.role, artifact.byte_count, artifact.media_type
            FROM columna.job_artifacts AS link
            JOIN columna.artifacts AS artifact ON artifact.address = link.address
            WHERE link.job = case_row.job AND link.direction = 'input' AND link.role = '\(role)'
            LIMIT 1
        ) AS \(role) ON true
        """
    }

    /// Texts, joined by line feeds.
    static let digest = Statement(
        "digest_of_texts",
        "SELECT encode(sha256(convert_to(array_to_string($1::text[], E'\\n'), 'UTF8')), 'hex') AS digest")

    /// Split, data set, tenant, names (null: all).
    static let assign = Statement(
        "assign_split",
        """
        UPDATE columna.data_set_cases
        SET split = $1
        WHERE data_set = $2 AND tenant = $3 AND ($4::text[] IS NULL OR name = ANY($4))
        RETURNING name
        """)

    /// Tenant, data set, digest.
    static let recordSnapshot = Statement(
        "record_snapshot",
        """
        INSERT INTO columna.data_set_snapshots (tenant, data_set, digest, taken_at)
        VALUES ($1, $2, $3, columna.now())
        ON CONFLICT DO NOTHING
        """)

    /// Tenant, data set, digest; of cases: names, splits, volumes, truths.
    static let recordSnapshotCases = Statement(
        "record_snapshot_cases",
        """
        INSERT INTO columna.snapshot_cases (tenant, data_set, digest, case_name, split, volume, truth)
        SELECT $1, $2, $3, item.name, item.split, item.volume, item.truth
        FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS item (name, split, volume, truth)
        ON CONFLICT DO NOTHING
        """)

    /// Id; tenant, data set, snapshot, split, model name, version, code version, options, repairs; summary job.
    static let recordEvaluation = Statement(
        "record_evaluation",
        """
        INSERT INTO columna.evaluations AS evaluation (
            id, tenant, data_set, snapshot, split, model_name, model_version, code_version, options, repairs, summary_job, ordered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7::bigint::integer, $8, $9, $10, $11, columna.now())
        ON CONFLICT (id) DO UPDATE
        SET summary_job = coalesce(EXCLUDED.summary_job, evaluation.summary_job)
        """)

    /// Evaluation; of cases: names, segmentation jobs, measurement jobs.
    static let recordEvaluationCases = Statement(
        "record_evaluation_cases",
        """
        INSERT INTO columna.evaluation_cases (evaluation, case_name, segmentation, measurement)
        SELECT $1, item.name, item.segmentation, item.measurement
        FROM unnest($2::text[], $3::uuid[], $4::uuid[]) AS item (name, segmentation, measurement)
        ON CONFLICT (evaluation, case_name) DO UPDATE
        SET \(Statement.excluded("segmentation", "measurement"))
        """)

    private static let evaluationColumns = """
        evaluation.id, evaluation.tenant, evaluation.data_set, evaluation.snapshot, evaluation.split, evaluation.model_name,
            evaluation.model_version, evaluation.code_version, evaluation.options, evaluation.repairs,
            evaluation.summary_job, evaluation.ordered_at
        """

    static let evaluation = Statement(
        "evaluation",
        """
        SELECT \(evaluationColumns)
        FROM columna.evaluations AS evaluation
        WHERE evaluation.id = $1
        """)

    static let evaluationCases = Statement(
        "evaluation_cases",
        """
        SELECT case_name, segmentation_job AS segmentation, job AS measurement, volume, truth
        FROM analytics.evaluation_cases
        WHERE evaluation = $1
        ORDER BY case_name COLLATE "C"
        """)

    /// Evaluation (null: all), limit.
    static let runs = Statement(
        "evaluation_runs",
        """
        SELECT
            evaluation, tenant, data_set, split, model_version, snapshot, code_version, repairs, state, cases, measured, failed, mean_dice,
            mean_hausdorff95, ordered_at
        FROM analytics.run_history
        WHERE $1::uuid IS NULL OR evaluation = $1
        ORDER BY ordered_at DESC, evaluation
        LIMIT $2
        """)

    /// Id, a, b, job.
    static let recordComparisonOrder = Statement(
        "record_comparison",
        """
        INSERT INTO columna.comparisons AS comparison (id, a, b, job, ordered_at)
        VALUES ($1, $2, $3, $4, columna.now())
        ON CONFLICT (id) DO UPDATE
        SET job = coalesce(EXCLUDED.job, comparison.job)
        """)
}
