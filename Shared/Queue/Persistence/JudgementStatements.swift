import Foundation
package import JobEngine

/// Statements on judgements of segmentations.
enum JudgementStatements {
    /// A job judges once: what is there already stays.
    static func queries(for judgement: SegmentationJudgement, job: JobID) -> [Query] {
        let (classes, findings, repairs) = (judgement.classes, judgement.findings, judgement.repairs ?? [])
        var queries = [
            judge(
                .uuid(job.uuid), .uuid(judgement.study), .text(judgement.modelVersion), .boolean(judgement.needsReview),
                .texts(judgement.reasons),
                .boolean(judgement.repairs != nil))
        ]
        if !classes.isEmpty {
            queries.append(
                recordClasses(
                    .uuid(job.uuid), .integers(classes.map { Int64($0.value) }), .texts(classes.map(\.name)),
                    .integers(classes.map { Int64($0.voxels) }),
                    .doubles(classes.map(\.volumeInMillilitres)), .doubles(classes.map { $0.centroidInMillimetres[0] }),
                    .doubles(classes.map { $0.centroidInMillimetres[1] }),
                    .doubles(classes.map { $0.centroidInMillimetres[2] }),
                    .integers(classes.map { Int64($0.componentCount) }), .doubles(classes.map(\.largestShare)),
                    .booleans(classes.map(\.isCut)),
                    .doubles(classes.map(\.meanConfidence)), .doubles(classes.map(\.meanEntropy))))
        }
        if !findings.isEmpty {
            queries.append(
                recordFindings(
                    .uuid(job.uuid), .texts(findings.map(\.kind)), .texts(findings.map(\.severity.rawValue)),
                    .texts(findings.map { list($0.classValues) }),
                    .texts(findings.map(\.sentence))))
        }
        if !repairs.isEmpty {
            queries.append(
                recordRepairs(
                    .uuid(job.uuid), .texts(repairs.map(\.kind)), .texts(repairs.map { list($0.classValues) }),
                    .integers(repairs.map { Int64($0.voxels) }),
                    .texts(repairs.map(\.sentence))))
        }
        return queries
    }

    /// PostgreSQL's arrays of arrays must be rectangular, so each list travels as a text.
    private static func list(_ values: [Int]) -> String { values.map(String.init).joined(separator: ",") }

    private static let judge = Statement(
        "judge_segmentation",
        """
        INSERT INTO columna.segmentation_judgements (job, study, model_version, needs_review, reasons, repair_requested, judged_at)
        VALUES ($1, $2, $3, $4, $5, $6, columna.now())
        ON CONFLICT DO NOTHING
        """)

    private static let recordClasses = Statement(
        "record_segmentation_classes",
        """
        INSERT INTO columna.segmentation_classes (
            job, class_value, class_name, voxels, volume_ml, centroid_x_mm, centroid_y_mm, centroid_z_mm, component_count, largest_share,
            is_cut, mean_confidence, mean_entropy)
        SELECT $1, item.*
        FROM unnest(
            $2::bigint[]::integer[], $3::text[], $4::bigint[], $5::double precision[], $6::double precision[], $7::double precision[],
            $8::double precision[], $9::bigint[]::integer[], $10::double precision[], $11::boolean[], $12::double precision[],
            $13::double precision[]) AS item
        ON CONFLICT DO NOTHING
        """)

    private static let recordFindings = Statement(
        "record_segmentation_findings",
        """
        INSERT INTO columna.segmentation_findings (job, position, kind, severity, class_values, sentence)
        SELECT $1, item.place::integer, item.kind, item.severity, string_to_array(item.class_values, ',')::integer[], item.sentence
        FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
            AS item (kind, severity, class_values, sentence, place)
        ON CONFLICT DO NOTHING
        """)

    private static let recordRepairs = Statement(
        "record_segmentation_repairs",
        """
        INSERT INTO columna.segmentation_repairs (job, position, kind, class_values, voxels, sentence)
        SELECT $1, item.place::integer, item.kind, string_to_array(item.class_values, ',')::integer[], item.voxels, item.sentence
        FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) WITH ORDINALITY
            AS item (kind, class_values, voxels, sentence, place)
        ON CONFLICT DO NOTHING
        """)

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
            study: try row.optionalUUID("study"), modelVersion: try row.optionalString("model_version"),
            classes: try await pool.run(JudgementStatements.classes(id)).map { try $0.segmentationClass() },
            findings: try await pool.run(JudgementStatements.findings(id)).map { try $0.segmentationFinding() },
            repairs: try row.boolean("repair_requested") ? repairs : nil)
    }
}
