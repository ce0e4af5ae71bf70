import Foundation
import JobEngine
import Phantoms
import Plans
import Studies
import Testing
import Threads

extension RunningSystemTests {
    /// A data set is planned and prepared from what its import stored: its folder is gone by then.
    @Suite struct PlanningTests {
        @Test func aDataSetIsPlannedPreparedAndReadyToTrainWithoutItsFolder() async throws {
            let system = try await RunningSystem.shared
            let folder = system.inputs.appending(path: "to-plan", directoryHint: .isDirectory)
            try await OwnThread.run {
                for seed in 1...5 as ClosedRange<UInt64> {
                    try PhantomStudy(seed: seed, configuration: TinyModel.phantom).write(
                        to: folder.appending(path: "case-\(seed)"), format: .nifti)
                }
            }
            try await expectSuccess("dataset", "import", folder.path, "--data-set", "planned", "--wait")
            try FileManager.default.removeItem(at: folder)

            let (plan, made) = (system.inputs.appending(path: "made.json"), system.inputs.appending(path: "nnunet"))
            let table = try await expectSuccess(
                "dataset", "plan", "planned", "-o", plan.path, "--nnunet-folder", made.path, "--timeout", "120")
            #expect(table.contains("ExperimentPlanner") && table.contains("cases          5"), "\(table)")
            let written = try Plan(json: Data(contentsOf: plan))
            #expect(written.orientation == "SAR" && written.spacingInMillimetres == [3, 3, 3])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: made.path).sorted() == [
                    "dataset.json", "dataset_fingerprint.json", "nnUNetPlans.json", "plans.json", "splits_final.json",
                ])

            // Planned again, the fingerprint is the same job's.
            try await expectSuccess("dataset", "plan", "planned", "--preset", "resenc-l", "--timeout", "120")
            let fingerprints = try await system.store.jobs(JobFilter(stage: .preprocessing, limit: 1000)).filter {
                $0.kind == FingerprintDataSet.kind
                    && (try? FingerprintDataSet(of: $0).dataSet) == "planned"
            }
            #expect(fingerprints.count == 1)

            let before = try await system.catalog.cases(dataSet: "planned", tenant: "local", split: nil)
            try await expectSuccess(
                "dataset", "prepare", "planned", "--plan", plan.path, "--wait", "--timeout", "120")
            let cases = try await system.catalog.cases(dataSet: "planned", tenant: "local", split: nil)
            let signature = try written.preprocessingSignature()
            #expect(cases.map(\.name) == before.map(\.name) && cases.map(\.split) == before.map(\.split))
            #expect(cases.allSatisfy { $0.planDigest == signature })
            let again = try await expectSuccess("dataset", "prepare", "planned", "--plan", plan.path)
            #expect(again.contains("all cases are prepared by this plan already"))
        }

        @discardableResult
        private func expectSuccess(_ words: String...) async throws -> String {
            let result = try await RunningSystem.shared.columna(words)
            #expect(result.status == 0, "\(words.prefix(2)): \(result.output)\(result.errors)")
            return result.output
        }
    }
}
