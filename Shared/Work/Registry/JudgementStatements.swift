import Foundation
package import JobEngine
import Persistence
package import Studies

/// Statements on judgements of segmentations.
enum JudgementStatements {
    /// A job judges once: what is there already stays.
    static let judging = [
        FactStatements.statement(
            "judge_segmentation",
            """
            INSERT INTO columna.segmentation_judgements (job, study, model_version, needs_review, reasons, repair_requested, judged_at)
            SELECT
                job, (data ->> 'study')::uuid, data ->> 'modelVersion', (data ->> 'needsReview')::boolean,
                ARRAY(SELECT jsonb_array_elements_text(data -> 'reasons')), data ? 'repairs', columna.now()
            FROM fact
            ON CONFLICT DO NOTHING
            """),
        FactStatements.statement(
            "record_segmentation_classes",
            """
            INSERT INTO columna.segmentation_classes (
                job, class_value, class_name, voxels, volume_ml, centroid_x_mm, centroid_y_mm, centroid_z_mm, component_count, largest_share,
                is_cut, mean_confidence, mean_entropy)
            SELECT
                fact.job, item.value, item.name, item.voxels, item."volumeInMillilitres", item."centroidInMillimetres"[1],
                item."centroidInMillimetres"[2], item."centroidInMillimetres"[3], item."componentCount", item."largestShare",
                item."isCut", item."meanConfidence", item."meanEntropy"
            FROM fact
            CROSS JOIN LATERAL jsonb_to_recordset(data -> 'classes') AS item (
                value integer, name text, voxels bigint, "volumeInMillilitres" double precision,
                "centroidInMillimetres" double precision[], "componentCount" integer, "largestShare" double precision,
                "isCut" boolean, "meanConfidence" double precision, "meanEntropy" double precision)
            ON CONFLICT DO NOTHING
            """),
        FactStatements.statement(
            "record_segmentation_findings",
            """
            INSERT INTO columna.segmentation_findings (job, position, kind, severity, class_values, sentence)
            SELECT
                fact.job, item.place::integer, item.value ->> 'kind', item.value ->> 'severity',
                ARRAY(SELECT jsonb_array_elements_text(item.value -> 'classValues')::integer), item.value ->> 'sentence'
            FROM fact
            CROSS JOIN LATERAL jsonb_array_elements(data -> 'findings') WITH ORDINALITY AS item (value, place)
            ON CONFLICT DO NOTHING
            """),
        FactStatements.statement(
            "record_segmentation_repairs",
            """
            INSERT INTO columna.segmentation_repairs (job, position, kind, class_values, voxels, sentence)
            SELECT
                fact.job, item.place::integer, item.value ->> 'kind',
                ARRAY(SELECT jsonb_array_elements_text(item.value -> 'classValues')::integer),
                (item.value ->> 'voxels')::bigint, item.value ->> 'sentence'
            FROM fact
            CROSS JOIN LATERAL jsonb_array_elements(data -> 'repairs') WITH ORDINALITY AS item (value, place)
            ON CONFLICT DO NOTHING
            """),
    ]

    static let judgement = Statement(
        "segmentation_judgement",
        """
        SELECT study, model_version, repair_requested
        FROM columna.segmentation_judgements
        WHERE job = $1
        """)

    static let classes = Statement(
        "segmentation_classes",
        """
        SELECT
            class_value, class_name, voxels, volume_ml, centroid_x_mm, centroid_y_mm, centroid_z_mm, component_count, largest_share, is_cut,
            mean_confidence, mean_entropy
        FROM columna.segmentation_classes
        WHERE job = $1
        ORDER BY class_value
        """)

    static let findings = Statement(
        "segmentation_findings",
        """
        SELECT kind, severity, array_to_string(class_values, ',') AS class_values, sentence
        FROM columna.segmentation_findings
        WHERE job = $1
        ORDER BY position
        """)

    static let repairs = Statement(
        "segmentation_repairs",
        """
        SELECT kind, array_to_string(class_values, ',') AS class_values, voxels, sentence
        FROM columna.segmentation_repairs
        WHERE job = $1
        ORDER BY position
        """)
}

extension PostgresRow {
    func segmentationClass() throws -> SegmentationJudgement.ClassRow {
        SegmentationJudgement.ClassRow(
            value: try integer("class_value"), name: try string("class_name"), voxels: try integer("voxels"),
            volumeInMillilitres: try double("volume_ml"),
            centroidInMillimetres: [
                try double("centroid_x_mm"), try double("centroid_y_mm"), try double("centroid_z_mm"),
            ],
            componentCount: try integer("component_count"), largestShare: try double("largest_share"),
            isCut: try boolean("is_cut"),
            meanConfidence: try optionalDouble("mean_confidence"), meanEntropy: try optionalDouble("mean_entropy"))
    }

    func segmentationFinding() throws -> SegmentationJudgement.Finding {
        SegmentationJudgement.Finding(
            kind: try string("kind"), severity: try value("severity"), classValues: try classValues(),
            sentence: try string("sentence"))
    }

    func segmentationRepair() throws -> SegmentationJudgement.Repair {
        SegmentationJudgement.Repair(
            kind: try string("kind"), classValues: try classValues(), voxels: try integer("voxels"),
            sentence: try string("sentence"))
    }

    private func classValues() throws -> [Int] {
        try string("class_values").split(separator: ",").compactMap { Int($0) }
    }
}

extension PostgresCatalog {
    package func judgement(of job: JobID) async throws -> SegmentationJudgement? {
        let id = PostgresValue.uuid(job.uuid)
        guard let row = try await pool.run(JudgementStatements.judgement(id)).first else { return nil }
        let repairs = try await pool.run(JudgementStatements.repairs(id)).map { try $0.segmentationRepair() }
        return SegmentationJudgement(
            study: try row.optionalID("study"), modelVersion: try row.optionalValue("model_version"),
            classes: try await pool.run(JudgementStatements.classes(id)).map { try $0.segmentationClass() },
            findings: try await pool.run(JudgementStatements.findings(id)).map { try $0.segmentationFinding() },
            repairs: try row.boolean("repair_requested") ? repairs : nil)
    }
}
