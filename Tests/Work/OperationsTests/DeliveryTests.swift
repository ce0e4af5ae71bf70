import Documents
import Faults
import JobEngine
import Operations
import Persistence
import Registry
import Studies
import TestSupport
import Testing
import WorkerRuntime

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct DeliveryTests {
    /// A study whose delivery to `pacs` was held.
    private static func hold(_ cause: HeldDelivery.Cause, _ fixture: SystemFixture) async throws -> JobID {
        let study = Study(tenant: SystemFixture.tenant, pipeline: .segment, messageID: "held")
        let order = StudyOrder(pipeline: .segment, model: "spine@1", destinations: ["pacs"])
        let first = try JobRequest(
            DeliverSegmentation(order: order, destination: "pacs"), tenant: SystemFixture.tenant,
            inputs: [SystemFixture.artifact(ArtifactKind.labelMap.role, "a")], study: study.id)
        _ = try await PostgresStudies(pool: fixture.system.pool).submit(study, first: first)
        let held = HeldDelivery(destination: "pacs", model: "spine@1", cause: cause, reasons: ["L2 is missing"])
        try await fixture.end(.ingestion, Completion(facts: [try .deliveryHeld(held)]))
        return first.id
    }

    @Test func aReleasedResultIsDeliveredByANewJobAndNobodyReleasesItTwice() async throws {
        try await SystemFixture.with { fixture in
            let job = try await Self.hold(.needsReview, fixture)
            #expect(
                try await fixture.system.heldDeliveries(tenant: nil, waiting: true, limit: 5).map(\.job) == [job])
            var made: [JobID] = []
            try await fixture.system.releaseDeliveries([job]) { made.append($1) }
            #expect(try await fixture.store.job(#require(made.first))?.kind == DeliverSegmentation.kind)
            let again = await #expect(throws: OperationError.self) {
                try await fixture.system.releaseDeliveries([job]) { _, _ in }
            }
            #expect(again?.code == .refused && again?.description.hasSuffix("already, by anna@desk") == true)
            let decided = try await fixture.system.heldDeliveries(tenant: nil, waiting: false, limit: 5)
            #expect(
                decided.first?.document.line.contains(#""decision": "released", "decided_by": "anna@desk""#) == true)
        }
    }

    @Test func oneThatCannotBeReleasedKeepsTheOthersBack() async throws {
        try await SystemFixture.with { fixture in
            let job = try await Self.hold(.needsReview, fixture)
            let error = await #expect(throws: OperationError.self) {
                try await fixture.system.releaseDeliveries([job, JobID()]) { _, _ in }
            }
            #expect(error?.code == .missing)
            try await fixture.system.discardDeliveries([job]) { #expect($0 == job) }
            #expect(try await fixture.system.heldDeliveries(tenant: nil, waiting: true, limit: 5).isEmpty)
        }
    }

    @Test func whoShareWhatAProgramHasOpenedAreToldApart() async throws {
        try await SystemFixture.with { fixture in
            let job = try await Self.hold(.needsReview, fixture)
            let resources = try SystemResources(
                SystemSettings(environment: fixture.system.environment), connections: 2, schema: nil)
            let (anna, ben) = (
                SystemConnection(resources, actor: "anna@gateway") { _ in },
                SystemConnection(resources, actor: "ben@gateway") { _ in }
            )
            try await ben.discardDeliveries([job]) { _ in }
            let found = try await anna.heldDeliveries(tenant: nil, waiting: false, limit: 5)
            #expect(found.map(\.decidedBy) == ["ben@gateway"])
        }
    }

    @Test func whatNoPromotedModelMadeIsReleasedOnceItIsPromoted() async throws {
        try await SystemFixture.with { fixture in
            let model = try await fixture.importModel().reference
            let job = try await Self.hold(.modelNotPromoted, fixture)
            let error = await #expect(throws: OperationError.self) {
                try await fixture.system.releaseDeliveries([job]) { _, _ in }
            }
            #expect(error?.code == .refused && error?.description.hasPrefix("spine@1 is not promoted") == true)
            try await fixture.system.promote(model)
            var count = 0
            try await fixture.system.releaseDeliveries([job]) { _, _ in count += 1 }
            #expect(count == 1)
        }
    }
}
