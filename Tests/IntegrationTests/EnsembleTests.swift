import Foundation
import JobEngine
import Studies
import Testing

extension RunningSystemTests {
    @Suite struct EnsembleTests {
        /// What an ensemble segmented leads back to it and to each version that is in it.
        @Test func anEnsembleIsAVersionWhoseLabelsLeadBackToItsMembers() async throws {
            let first = try await TinyModel.version
            let system = try await RunningSystem.shared
            let plan = try await TinyModel.planFile
            let recipe = system.inputs.appending(path: "other-recipe.json")
            try Data(
                TinyModel.recipe(epochs: 1).replacing("\"seed\": 7", with: "\"seed\": 8").utf8
            ).write(to: recipe)
            try await expectSuccess(
                "train", "start", "--data-set", TinyModel.dataSet, "--model", "second", "--plan", plan.path, "--recipe",
                recipe.path, "--wait", "--timeout", "300")
            let second = try #require(try await system.catalog.modelVersion(name: "second", version: 1))

            let made = try await expectSuccess("models", "ensemble", "both", first.reference.rawValue, "second@1")
            #expect(made.contains("made both@1 of \(first.reference), second@1"), "\(made)")
            let both = try #require(try await system.catalog.modelVersion(name: "both", version: 1))
            #expect(both.weights.byteCount > first.weights.byteCount + second.weights.byteCount - 8192)

            let study = system.inputs.appending(path: "cases/case-1/ct.nii.gz")
            try await expectSuccess("submit", study.path, "--model", "both@1", "--wait", "--timeout", "300")
            let jobs = try await system.store.jobs(JobFilter(stage: .inference, limit: 1000))
            let job = try #require(jobs.first { (try? SegmentVolume(of: $0))?.order.model == both.reference })
            #expect(job.state == .succeeded)
            let read = try await system.store.artifacts(of: job.id).filter {
                $0.isInput && $0.reference.role == ArtifactKind.weights.role
            }
            #expect(
                Set(read.map(\.reference.address)) == [
                    both.weights.address, first.weights.address, second.weights.address,
                ])
        }

        @Test func oneVersionIsNoEnsemble() async throws {
            let version = try await TinyModel.version.reference.rawValue
            let twice = try await RunningSystem.shared.columna(["models", "ensemble", "both", version, version])
            #expect(twice.status != 0 && twice.errors.contains("each another one"), "\(twice.errors)")
        }

        @discardableResult
        private func expectSuccess(_ words: String...) async throws -> String {
            let result = try await RunningSystem.shared.columna(words)
            #expect(result.status == 0, "\(words.prefix(2)): \(result.output)\(result.errors)")
            return result.output
        }
    }
}
