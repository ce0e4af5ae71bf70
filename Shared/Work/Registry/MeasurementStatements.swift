import Documents
import Foundation
import JobEngine
import Metrics
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

    /// Jobs. What was measured of each case is JSON, as it was recorded.
    static let measurements = Statement(
        "measurements",
        """
        SELECT
            measured.case_name, measured.variant, measured.study, measured.model_version, measured.options::text AS options,
            json_build_object(
                'summary', measured,
                'classes', \(array("class_metrics", by: "class_value")),
                'distances', \(array("class_distances", by: "class_value", "surface", "direction")),
                'agreements', \(array("class_agreements", by: "class_value", "tolerance_mm")),
                'confusion', \(array("class_confusion", by: "truth_value", "predicted_value"))
            )::text AS rows
        FROM columna.case_metrics AS measured
        WHERE measured.job = ANY($1)
        ORDER BY measured.case_name COLLATE "C", measured.variant, measured.job
        """)

    /// A table's rows of `measured`.
    private static func array(_ table: String, by order: String...) -> String {
        """
        (
                    SELECT coalesce(json_agg(item ORDER BY \(order.map { "item." + $0 }.joined(separator: ", "))), '[]')
                    FROM columna.\(table) AS item
                    WHERE item.job = measured.job AND item.variant = measured.variant
                )
        """
    }
}

extension PostgresRow {
    /// Options that this version does not know, and those of cases from before there were any, read as the defaults.
    func measuredCase() throws -> MeasuredCase {
        let options = try? CanonicalJSON.decode(MetricOptions.self, from: string("options"))
        let rows = try CanonicalJSON.decode(MeasurementRows.self, from: string("rows"))
        return MeasuredCase(
            caseName: try string("case_name"), variant: try value("variant"), study: try optionalID("study"),
            modelVersion: try optionalValue("model_version"), metrics: rows.metrics(options ?? MetricOptions()))
    }
}
