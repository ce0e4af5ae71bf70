import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct PostgresHeldDeliveriesTests {

    /// A study whose delivery to `pacs` was held.
    private static func hold(_ held: HeldDelivery, _ pool: PostgresPool) async throws -> (study: StudyID, job: JobID) {
        let store = PostgresJobStore(pool: pool, bookkeeping: .studies)
        let study = Study(tenant: "radiology", pipeline: .segment, messageID: UUID().uuidString)
        let order = StudyOrder(pipeline: .segment, model: held.model, destinations: ["pacs"])
        let map = ArtifactReference(
            role: ArtifactKind.labelMap.role, address: .repeating("a"), byteCount: 1,
            mediaType: "x")
        let first = try JobRequest(
            DeliverSegmentation(order: order, destination: "pacs"), tenant: "radiology", priority: .urgent,
            inputs: [map], study: study.id)
        _ = try await PostgresStudies(pool: pool).submit(study, first: first)
        let claimed = try #require(
            try await store.claimAvailableJobs(ClaimRequest(stage: .ingestion, worker: "w")).first)
        #expect(
            try await store.completeJobIfRunning(
                first.id, token: claimed.token,
                completion: Completion(facts: [try .deliveryHeld(held)], summary: "held")))
        return (study.id, first.id)
    }

    private static let review = HeldDelivery(
        destination: "pacs", model: "spine@1", cause: .needsReview,
        reasons: ["L4 is at two places, \"far\" apart", "L2 is missing"])

    @Test func aHeldResultWaitsAndItsStudyHasEnded() async throws {
        try await TemporaryDatabase.with { database async throws in
            let deliveries = PostgresHeldDeliveries(pool: database.pool)
            let (study, job) = try await Self.hold(Self.review, database.pool)
            let one = try #require(
                try await deliveries.heldDeliveries(tenant: "radiology", waiting: true, limit: 10).first)
            #expect(
                one.job == job && one.study == study && one.tenant == "radiology" && one.held == Self.review
                    && one.decision == nil)
            #expect(try await deliveries.heldDeliveries(tenant: "other", waiting: false, limit: 10).isEmpty)
            #expect(try await deliveries.heldDelivery(JobID()) == nil)
            #expect(try await PostgresCatalog(pool: database.pool).study(study)?.state == .succeeded)
            let seen = try await database.pool.run(
                Statement(
                    "seen_holds", "SELECT tenant, cause, reasons[2] AS reason, decision FROM analytics.held_deliveries")()
            )
            #expect(try seen[0].string("cause") == "needs-review" && seen[0].string("reason") == "L2 is missing")
        }
    }

    @Test func aReleaseQueuesTheDeliveryAgainOnceWithAnAuditRow() async throws {
        try await TemporaryDatabase.with { database async throws in
            let deliveries = PostgresHeldDeliveries(pool: database.pool)
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let (study, job) = try await Self.hold(Self.review, database.pool)
            let made = try #require(try await deliveries.releaseHeldDelivery(job, actor: "anna@desk"))
            let again = try #require(try await store.job(made))
            #expect(
                again.kind == DeliverSegmentation.kind && again.state == .queued && again.study == study
                    && again.priority == .urgent)
            let parameters = try DeliverSegmentation(of: again)
            #expect(
                parameters.isReleased == true && parameters.destination == "pacs" && parameters.order.model == "spine@1"
            )
            #expect(try await store.artifacts(of: made).map(\.reference.role) == [ArtifactKind.labelMap.role])
            #expect(try await deliveries.releaseHeldDelivery(job, actor: "ben@desk") == nil)
            #expect(try await !deliveries.discardHeldDelivery(job, actor: "ben@desk"))
            let one = try #require(try await deliveries.heldDelivery(job))
            #expect(one.decision == .released && one.decidedBy == "anna@desk" && one.releaseJob == made)
            #expect(try await deliveries.heldDeliveries(tenant: nil, waiting: true, limit: 10).isEmpty)
            let audit = try await database.pool.run(
                Statement(
                    "audit_of_release",
                    "SELECT actor, action, subject FROM columna.audit WHERE job = $1 AND action LIKE 'delivery-%'")(
                        .uuid(job.uuid)))
            #expect(audit.count == 1)
            #expect(
                try audit[0].string("actor") == "anna@desk" && audit[0].string("action") == "delivery-released"
                    && audit[0].string("subject") == "pacs")
        }
    }

    @Test func aReleaseOpensTheStudyAgainAndItsEndIsToldOnceMore() async throws {
        try await TemporaryDatabase.with { database async throws in
            let (store, catalog) = (
                PostgresJobStore(pool: database.pool, bookkeeping: .studies), PostgresCatalog(pool: database.pool)
            )
            let (study, job) = try await Self.hold(Self.review, database.pool)
            let made = try #require(
                try await PostgresHeldDeliveries(pool: database.pool).releaseHeldDelivery(job, actor: "anna@desk"))
            #expect(try await catalog.study(study)?.state == .submitted)
            let claimed = try #require(
                try await store.claimAvailableJobs(ClaimRequest(stage: .ingestion, worker: "w")).first)
            let failure = JobFailure(class: .data, code: "archive-refused-result", reason: "the archive refused it")
            #expect(try await store.failJobIfRunning(made, token: claimed.token, failure: failure) == .dead)
            #expect(try await catalog.study(study)?.state == .dead)
            let ends = try await database.pool.run(
                Statement(
                    "ends_of_study",
                    "SELECT routing_key, data::jsonb #>> '{held,0,destination}' AS held FROM columna.outbox WHERE subject = $1 ORDER BY id"
                )(.text(study.description)))
            #expect(try ends.map { try $0.string("routing_key") } == ["study.succeeded", "study.dead"])
            #expect(
                try ends.map { try $0.optionalString("held") } == ["pacs", nil], "what was released is held no more")
        }
    }

    /// The promotion says that the model may serve patients, not that anybody has looked at this result.
    @Test func whatWaitedForAPromotionIsReleasedWithoutBeingPastItsReview() async throws {
        try await TemporaryDatabase.with { database async throws in
            let unpromoted = HeldDelivery(
                destination: "pacs", model: "spine@2", cause: .modelNotPromoted, reasons: ["spine@2 is not promoted"])
            let (_, job) = try await Self.hold(unpromoted, database.pool)
            let made = try #require(
                try await PostgresHeldDeliveries(pool: database.pool).releaseHeldDelivery(job, actor: "anna@desk"))
            let again = try #require(try await PostgresJobStore(pool: database.pool, bookkeeping: .studies).job(made))
            let parameters = try DeliverSegmentation(of: again)
            #expect(parameters.isReleased == nil && parameters.destination == "pacs")
        }
    }

    @Test func whatIsDiscardedIsNeverReleased() async throws {
        try await TemporaryDatabase.with { database async throws in
            let deliveries = PostgresHeldDeliveries(pool: database.pool)
            let unpromoted = HeldDelivery(
                destination: "pacs", model: "spine@2", cause: .modelNotPromoted, reasons: ["spine@2 is not promoted"])
            let (_, job) = try await Self.hold(unpromoted, database.pool)
            #expect(try await deliveries.discardHeldDelivery(job, actor: "anna@desk"))
            #expect(try await deliveries.releaseHeldDelivery(job, actor: "anna@desk") == nil)
            let one = try #require(try await deliveries.heldDelivery(job))
            #expect(one.decision == .discarded && one.releaseJob == nil && one.held == unpromoted)
            #expect(
                try await PostgresJobStore(pool: database.pool, bookkeeping: .studies).jobs(
                    JobFilter(states: [.queued], limit: 10)
                ).isEmpty)
        }
    }
}
