import Documents
import Foundation
import JobEngine

/// Statements on what evaluations measured. Rows travel as JSON arrays whose keys are the columns' names.
enum MeasurementStatements {
    /// The queries that write one measured case.
    static func queries(for measured: MeasuredCase, job: JobID) throws -> [Query] {
        let (job, variant) = (PostgresValue.uuid(job.uuid), PostgresValue.text(measured.variant.rawValue))
        let summary = measured.summary
        return [
            recordCase(
                job, variant, .text(measured.caseName), .uuid(measured.study), .text(measured.modelVersion),
                .double(summary.accuracy),
                .double(summary.kappa), .double(summary.identificationRate), .double(summary.detectionPrecision),
                .double(summary.detectionRecall), .integer(summary.labelShift), .text(measured.optionsJSON)),
            recordClasses(job, variant, .text(try CanonicalJSON.string(measured.classes))),
            recordDistances(job, variant, .text(try CanonicalJSON.string(measured.distances))),
            recordAgreements(job, variant, .text(try CanonicalJSON.string(measured.agreements))),
            recordConfusion(job, variant, .text(try CanonicalJSON.string(measured.confusion))),
        ]
    }

    /// Job, variant, case, study, model version, accuracy, kappa, identification rate, detection precision and recall,
    /// label shift, options.
    private static let recordCase = Statement(
        "record_case_metrics",
        """
        INSERT INTO columna.case_metrics (
            job, variant, case_name, study, model_version, accuracy, kappa, identification_rate, detection_precision, detection_recall,
            label_shift, options, evaluated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::bigint::integer, $12::jsonb, columna.now())
        ON CONFLICT DO NOTHING
        """)

    private static let recordClasses = insert("record_class_metrics", into: "class_metrics")
    private static let recordDistances = insert("record_class_distances", into: "class_distances")
    private static let recordAgreements = insert("record_class_agreements", into: "class_agreements")
    private static let recordConfusion = insert("record_class_confusion", into: "class_confusion")

    /// Job, variant, JSON array of rows without these two.
    private static func insert(_ name: String, into table: String) -> Statement {
        Statement(
            name,
            """
            INSERT INTO columna.\(table)
            SELECT (jsonb_populate_record(NULL::columna.\(table), row || jsonb_build_object('job', $1, 'variant', $2))).*
            FROM jsonb_array_elements($3::jsonb) AS row
            ON CONFLICT DO NOTHING
            """)
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
