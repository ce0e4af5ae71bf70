import JobEngine
import Testing

extension RunningSystemTests {
    @Suite struct StageTests {
        /// A worker checks at start that it has one handler for each kind of its stage, and ends otherwise.
        @Test(arguments: Stage.allCases)
        func aStagesWorkerHasAHandlerForEachOfItsKinds(stage: Stage) async throws {
            let system = try await RunningSystem.shared
            try await eventually("a worker of \(stage.rawValue) runs") {
                try await system.store.workers(heardOfWithin: 60).contains {
                    $0.stage == stage && $0.state == .running
                } ? true : nil
            }
        }
    }
}
