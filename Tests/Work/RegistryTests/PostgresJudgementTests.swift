import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct PostgresJudgementTests {
    private static let now = Date(timeIntervalSince1970: 1_750_000_000)

    private static let judgement = SegmentationJudgement(
        study: nil, modelVersion: "spine@3",
        classes: [
            SegmentationJudgement.ClassRow(
                value: 21, name: "L2", voxels: 17, volumeInMillilitres: 0.1 + 0.2,
                centroidInMillimetres: [-1.5, 1.0 / 3, 1e-300], componentCount: 2,
                largestShare: 16.0 / 17, isCut: true, meanConfidence: 0.75, meanEntropy: nil),
            SegmentationJudgement.ClassRow(
                value: 25, name: "sacrum", voxels: 1, volumeInMillilitres: 1, centroidInMillimetres: [0, 0, 0],
                componentCount: 1, largestShare: 1,
                isCut: false, meanConfidence: nil, meanEntropy: 1),
        ],
        findings: [
            SegmentationJudgement.Finding(
                kind: "level-missing", severity: .review, classValues: [22, 23, 24],
                sentence: "L3 to L5 are missing between L2 and sacrum, which are 'very, far' apart"),
            SegmentationJudgement.Finding(
                kind: "nothing-found", severity: .review, classValues: [], sentence: "second"),
            SegmentationJudgement.Finding(
                kind: "cut-by-field-of-view", severity: .information, classValues: [21], sentence: "third"),
        ],
        repairs: [
            SegmentationJudgement.Repair(
                kind: "fragments-relabelled", classValues: [22, 21], voxels: 5, sentence: "first step"),
            SegmentationJudgement.Repair(
                kind: "fragments-removed", classValues: [25], voxels: 1, sentence: "second step"),
        ])

    /// Completes a segmentation with these facts.
    private func complete(_ judgements: [SegmentationJudgement], _ database: TemporaryDatabase) async throws -> JobID {
        let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
        let job = JobRequest(kind: SegmentVolume.kind, tenant: "clinic")
        _ = try await store.enqueue([job])
        let claimed = try await store.claimAvailableJobs(ClaimRequest(stage: .inference, worker: "w"))
        let token = try #require(claimed.first { $0.record.id == job.id }?.token)
        let completion = Completion(facts: try judgements.map(Fact.segmentationJudged))
        #expect(try await store.completeJobIfRunning(job.id, token: token, completion: completion))
        return job.id
    }

    @Test func aJudgementIsReadAsItWasWritten() async throws {
        try await TemporaryDatabase.with { database async throws in
            let catalog = PostgresCatalog(pool: database.pool)
            let job = try await complete([Self.judgement], database)
            #expect(try await catalog.judgement(of: job) == Self.judgement)
            #expect(try await catalog.judgement(of: JobID()) == nil)
            for repairs in [nil, []] as [[SegmentationJudgement.Repair]?] {
                let plain = SegmentationJudgement(
                    study: nil, modelVersion: nil, classes: [], findings: [], repairs: repairs)
                #expect(try await catalog.judgement(of: complete([plain], database)) == plain)
            }
        }
    }

    @Test func aJobJudgesOnce() async throws {
        try await TemporaryDatabase.with { database async throws in
            var other = Self.judgement
            other.findings.removeLast()
            other.modelVersion = "spine@4"
            let job = try await complete([Self.judgement, other], database)
            #expect(try await PostgresCatalog(pool: database.pool).judgement(of: job) == Self.judgement)
        }
    }

    @Test func analystsSeeWhatNeedsReviewAndWhy() async throws {
        try await TemporaryDatabase.with { database async throws in
            let job = try await complete([Self.judgement], database)
            let plain = SegmentationJudgement(
                study: nil, modelVersion: nil, classes: [], findings: [Self.judgement.findings[2]], repairs: nil)
            let other = try await complete([plain], database)
            let rows = try await database.pool.run([
                Statement("become_analyst", "SET LOCAL ROLE columna_analyst")(),
                Statement(
                    "review",
                    """
                    SELECT job, tenant, model_version, needs_review, array_to_string(reasons, '|') AS reasons, class_count, repair_requested,
                        array_to_string(repairs, '|') AS repairs, names
                    FROM analytics.segmentation_review
                    ORDER BY needs_review DESC
                    """)(),
                Statement(
                    "classes",
                    "SELECT class_name, volume_ml, is_cut, mean_entropy FROM analytics.segmentation_classes ORDER BY class_value"
                )(),
                Statement(
                    "findings", "SELECT kind, job FROM analytics.segmentation_findings WHERE 24 = ANY (class_values)")(),
            ])
            let review = rows[1]
            #expect(try review.map { try $0.uuid("job") } == [job.uuid, other.uuid])
            #expect(try review.map { try $0.boolean("needs_review") } == [true, false])
            #expect(try review[0].string("reasons") == Self.judgement.reasons.joined(separator: "|"))
            #expect(
                try review[0].string("repairs") == "first step|second step" && review[0].boolean("repair_requested"))
            #expect(
                try review[0].integer("class_count") == 2 && review[0].string("tenant") == "clinic"
                    && review[0].string("model_version") == "spine@3")
            #expect(
                try review[1].string("reasons") == "" && review[1].string("repairs") == ""
                    && !review[1].boolean("repair_requested"))
            #expect(try review.map { try $0.string("names") } == ["network", "network"], "nobody asked for others")
            #expect(try rows[2].map { try $0.string("class_name") } == ["L2", "sacrum"])
            #expect(try rows[2][0].optionalDouble("mean_entropy") == nil && rows[2][0].boolean("is_cut"))
            #expect(try rows[3].map { try $0.string("kind") } == ["level-missing"])
        }
    }

    @Test func everyTableAndColumnIsExplained() async throws {
        try await TemporaryDatabase.with { database async throws in
            let sql = """
                SELECT format('%s.%s', class.relname, coalesce(attribute.attname, '')) AS name
                FROM pg_class AS class
                JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum > 0
                WHERE class.relkind IN ('r', 'v') AND class.relname LIKE 'segmentation\\_%'
                    AND (col_description(class.oid, attribute.attnum) IS NULL OR obj_description(class.oid) IS NULL)
                """
            let unexplained = try await database.pool.run(Statement("unexplained_segmentation", sql)()).map {
                try $0.string("name")
            }
            #expect(unexplained == [])
            let count = try await database.pool.run(
                Statement(
                    "explained",
                    "SELECT count(*) AS count FROM pg_class WHERE relkind IN ('r', 'v') AND relname LIKE 'segmentation\\_%'"
                )())
            #expect(try count[0].integer("count") == 7)
        }
    }
}
