import Documents
import Evaluations
import Faults
import Foundation
import JobEngine
import Learning
import Operations
import Persistence
import Plans
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct GateTests {
    private static let request = EvaluationRequest(
        dataSet: SystemFixture.dataSet, split: "test", tenant: SystemFixture.tenant)

    @Test func whereNoneIsPromotedThereIsNothingToBeWorseThan() async throws {
        try await SystemFixture.with { fixture in
            _ = try await fixture.importModel()
            let follower = Follower(fixture.system)
            #expect(try await fixture.system.promote("spine@1", unlessWorseOn: Self.request, follower) == nil)
            #expect(try await fixture.system.model("spine").reference == "spine@1")
            #expect(try await fixture.system.promote("spine@1", unlessWorseOn: Self.request, follower) == nil)
            let unnamed = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.promote("spine", unlessWorseOn: Self.request, follower)
            }
            #expect(unnamed?.code == .usage)
        }
    }

    /// How a version may have come to know a case.
    enum Way: CaseIterable {
        case training, preparedAnew, startingWeights, member, oldOrder
    }

    @Test(arguments: Way.allCases) func aVersionIsNotJudgedOnWhatItLearned(_ way: Way) async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1")
            _ = try await fixture.importModel()
            try await fixture.system.promote("spine@1")
            try await Self.train(fixture) { if way == .oldOrder { $0.cases = nil } }
            var candidate: ModelReference = "spine@2"
            switch way {
            case .training: break
            case .preparedAnew: try await fixture.importCase("case-1", image: "7")
            case .oldOrder: try await fixture.importCase("case-1", split: "test")
            case .startingWeights:
                try await Self.train(fixture) {
                    ($0.cases, $0.dataSet, $0.startsFrom) = (nil, "phantom:lumbar", "spine@2")
                }
                candidate = "spine@3"
            case .member:
                var draft = try SystemFixture.draft()
                let ensemble = ModelEnsemble(
                    (["spine@1", "spine@2"] as [ModelReference]).map {
                        ModelEnsemble.Member(model: $0, weights: draft.weights)
                    })
                draft.recipeJSON = "{\"\(ModelEnsemble.metadataKey)\":\(try CanonicalJSON.string(ensemble))}"
                _ = try await fixture.system.catalog.registerModel(draft, actor: "tester")
                candidate = "spine@3"
            }
            var request = Self.request
            request.split = EvaluationOrder.allCases
            let seen = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.promote(candidate, unlessWorseOn: request, Follower(fixture.system))
            }
            #expect(
                seen?.code == .badInput
                    && seen?.description.hasPrefix("\(candidate) has learned from 1 case") == true)
            #expect(try await fixture.system.model("spine").reference == "spine@1")
            #expect(try await fixture.store.jobs(JobFilter(stage: .inference)).isEmpty, "nothing was ordered")
        }
    }

    /// A version of the order over the data set's cases.
    private static func train(_ fixture: SystemFixture, _ change: (inout TrainModel) -> Void) async throws {
        let cases = try await fixture.system.catalog.cases(
            dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant, split: nil)
        var order = TrainModel(
            model: "spine", dataSet: SystemFixture.dataSet, planJSON: "{}", recipeJSON: "{}", cases: cases)
        change(&order)
        _ = try await fixture.store.enqueue([JobRequest(order, tenant: SystemFixture.tenant)])
        let draft = try SystemFixture.draft()
        try await fixture.end(
            .training,
            Completion(
                outputs: [draft.weights], additionalInputs: cases.map(\.image), facts: [try .modelTrained(draft)]))
    }

    /// One case, so that the test cannot tell and the difference alone decides.
    @Test(arguments: ["spine@1", "spine@2"] as [ModelReference])
    func theBetterOfTwoOnHeldOutCasesIsMeantByTheName(_ better: ModelReference) async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1", split: "test")
            for digit in ["8", "9"] as [Character] {
                var draft = try SystemFixture.draft()
                draft.weights = SystemFixture.artifact(ArtifactKind.weights.role, digit)
                _ = try await fixture.system.catalog.registerModel(draft, actor: "tester")
            }
            try await fixture.system.promote("spine@1")
            let pair = try await EvaluationPair("spine@2", "spine@1", by: Self.request, in: fixture.system)
            _ = try await pair.place(priority: Self.request.priority, in: fixture.system)
            try await fixture.measure(better: better)
            // All is measured already, so that nobody has to wait.
            let gate = try #require(
                try await fixture.system.promote("spine@2", unlessWorseOn: Self.request, Follower(fixture.system)))
            #expect(gate.pairs == 1 && gate.p == nil && gate.isPassed == (better == "spine@2"))
            #expect(try await fixture.system.model("spine").reference == better)
            #expect(
                fixture.remarks.contains("nobody knows all that spine@2 has learned from: it was imported"))
            #expect(
                gate.sentence.hasPrefix(
                    "mean Dice spine@2 − spine@1: \(better == "spine@2" ? "+" : "−")0.3000 over 1 pair"))
        }
    }

    /// A gate on spine@2 against spine@1 with the mean difference, between two of three versions.
    private static func gate(_ fixture: SystemFixture, _ difference: Double) async throws -> PromotionGate {
        try await fixture.importCase("case-1", split: "test")
        for _ in 1...3 { _ = try await fixture.importModel() }
        try await fixture.system.promote("spine@1")
        let pair = try await EvaluationPair("spine@2", "spine@1", by: Self.request, in: fixture.system)
        let comparison = try await pair.place(priority: .routine, in: fixture.system).comparison
        return PromotionGate(
            candidate: "spine@2", standing: "spine@1", comparison: comparison, dataSet: SystemFixture.dataSet,
            split: "test", pairs: 1, meanDifference: difference, p: nil)
    }

    private static func kept(_ fixture: SystemFixture) async throws -> PostgresRows {
        try await fixture.system.pool.run(
            Statement(
                "kept_gate", "SELECT candidate, standing, mean_difference, is_passed, actor FROM analytics.model_gates")()
        )
    }

    @Test(arguments: [0.01, -0.01]) func theFiguresAreKeptWhateverTheySay(_ difference: Double) async throws {
        try await SystemFixture.with { fixture in
            try await fixture.system.decide(by: Self.gate(fixture, difference))
            #expect(try await fixture.system.model("spine").reference == (difference > 0 ? "spine@2" : "spine@1"))
            let kept = try await Self.kept(fixture)
            #expect(kept.count == 1)
            #expect(try kept[0].string("candidate") == "spine@2" && kept[0].string("standing") == "spine@1")
            #expect(try kept[0].double("mean_difference") == difference && kept[0].string("actor") == "anna@desk")
            #expect(try kept[0].boolean("is_passed") == (difference > 0))
            guard difference > 0 else { return }
            #expect(try await fixture.system.rollBack("spine").standing == "spine@1")
        }
    }

    @Test func whatWasMeasuredAgainstAnotherVersionIsNotPromoted() async throws {
        try await SystemFixture.with { fixture in
            let gate = try await Self.gate(fixture, 0.01)
            try await fixture.system.promote("spine@3")
            let changed = await #expect(throws: OperationError.self) { try await fixture.system.decide(by: gate) }
            #expect(changed?.code == .refused)
            #expect(
                changed?.description
                    == "the promoted version of spine changed meanwhile (spine@3, was spine@1): ask again")
            #expect(try await fixture.system.model("spine").reference == "spine@3")
            let kept = try await Self.kept(fixture)
            #expect(try kept.count == 1 && kept[0].double("mean_difference") == 0.01)
            #expect(try !kept[0].boolean("is_passed"))
        }
    }
}
