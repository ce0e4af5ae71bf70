import Documents
import Foundation
import JobEngine
import Persistence
import Studies

/// Statements on what evaluations measured. Rows travel as JSON arrays whose keys are the columns' names.
enum MeasurementStatements {
    /// What writes one measured case.
    static let recording = [
        FactStatements.statement(
            "record_case_metrics",
            """
            INSERT INTO columna.case_metrics (
                job, variant, case_name, study, model_version, accuracy, kappa, identification_rate, detection_precision, detection_recall,
                label_shift, options, evaluated_at)
            SELECT
                fact.job, data ->> 'variant', data ->> 'caseName', (data ->> 'study')::uuid, data ->> 'modelVersion', summary.*,
                (data ->> 'optionsJSON')::jsonb, columna.now()
            FROM fact
            CROSS JOIN LATERAL jsonb_to_record(data -> 'summary') AS summary (
                accuracy double precision, kappa double precision, identification_rate double precision,
                detection_precision double precision, detection_recall double precision, label_shift integer)
            ON CONFLICT DO NOTHING
            """),
        rows("record_class_metrics", into: "class_metrics", of: "classes"),
        rows("record_class_distances", into: "class_distances", of: "distances"),
        rows("record_class_agreements", into: "class_agreements", of: "agreements"),
        rows("record_class_confusion", into: "class_confusion", of: "confusion"),
    ]

    private static func rows(_ name: String, into table: String, of key: String) -> Statement {
        FactStatements.rows(
            name, into: table, of: key, common: "jsonb_build_object('job', fact.job, 'variant', fact.data -> 'variant')"
        )
    }

    /// Jobs. The rows of each case as JSON arrays.
    static let measurements = Statement(
        "measurements",
        """
        SELECT
            measured.case_name, measured.variant, measured.study, measured.model_version, measured.options::text AS options,
            to_json(measured)::text AS summary,
            (
                SELECT json_agg(metric ORDER BY metric.class_value)
                FROM columna.class_metrics AS metric
                WHERE metric.job = measured.job AND metric.variant = measured.variant
            )::text AS classes,
            (
                SELECT json_agg(distance ORDER BY distance.class_value, distance.surface, distance.direction)
                FROM columna.class_distances AS distance
                WHERE distance.job = measured.job AND distance.variant = measured.variant
            )::text AS distances,
            (
                SELECT json_agg(agreement ORDER BY agreement.class_value, agreement.tolerance_mm)
                FROM columna.class_agreements AS agreement
                WHERE agreement.job = measured.job AND agreement.variant = measured.variant
            )::text AS agreements,
            (
                SELECT json_agg(confusion ORDER BY confusion.truth_value, confusion.predicted_value)
                FROM columna.class_confusion AS confusion
                WHERE confusion.job = measured.job AND confusion.variant = measured.variant
            )::text AS confusion
        FROM columna.case_metrics AS measured
        WHERE measured.job = ANY($1)
        ORDER BY measured.case_name COLLATE "C", measured.variant, measured.job
        """)
}

extension PostgresRow {
    func caseMeasurement() throws -> MeasuredCase {
        MeasuredCase(
            caseName: try string("case_name"), variant: try value("variant"), study: try optionalUUID("study"),
            modelVersion: try optionalString("model_version"), optionsJSON: try string("options"),
            summary: try decoded("summary"),
            classes: try rows("classes"), distances: try rows("distances"), agreements: try rows("agreements"),
            confusion: try rows("confusion"))
    }

    private func rows<Row: Decodable>(_ column: String) throws -> [Row] {
        try optionalString(column).map { try CanonicalJSON.decode([Row].self, from: $0) } ?? []
    }

    private func decoded<Row: Decodable>(_ column: String) throws -> Row {
        try CanonicalJSON.decode(Row.self, from: string(column))
    }
}
