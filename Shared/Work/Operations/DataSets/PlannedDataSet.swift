import Anatomy
package import Documents
import Faults
package import Foundation
package import JobEngine
import ModelExchange
import Networks
package import Planning
package import Plans
import PyTorchFiles
import Storage
package import Studies
import TensorCore

/// A network planned for a data set, and what it was planned from.
package struct PlannedDataSet: Documented {
    package let dataSet: String
    /// Sorted names.
    package let cases: [String]
    package let fingerprint: DataSetFingerprint
    package let preset: ExperimentPlanner.Preset
    package let experiment: ExperimentPlan
    /// Voxels of feature maps that fit into the memory planned for.
    package let fittingFeatureVoxels: Double
    package let plan: Plan
    /// As they were made for the data set, or else nnU-Net's own five; none of fewer cases.
    package let folds: [DataSetFold]
    /// What a training step of one patch takes here.
    package let trainingBytes: Int

    /// nnU-Net's.
    package static let foldCount = 5

    /// - Parameters:
    ///   - job: that took the fingerprint, and has succeeded.
    ///   - memory: in GB; nil: the preset's.
    /// - Throws: `OperationError` (`missing`) where the fingerprint is gone, `PlanningError`, `PlanError`.
    package init(
        of job: JobRecord, preset: ExperimentPlanner.Preset, memoryInGigabytes memory: Double?,
        in system: SystemConnection
    ) async throws {
        let taken = try FingerprintDataSet(of: job)
        let artifacts = try await system.store.artifacts(of: job.id)
        guard let stored = artifacts.filter({ !$0.isInput }).map(\.reference).first(of: .fingerprint) else {
            throw OperationError(.missing, "job \(job.id) has left no fingerprint: see `columna jobs show \(job.id)`")
        }
        let file = try await system.objects().open(stored.address, expectedByteCount: stored.byteCount)
        dataSet = taken.dataSet
        cases = taken.cases.map(\.name)
        fingerprint = try JSONDecoder().decode(DataSetFingerprint.self, from: Data(contentsOf: file))
        self.preset = preset
        let planner = try ExperimentPlanner(
            fingerprint, classes: LabelSet.spine25.channels, preset: preset, memoryInGigabytes: memory)
        experiment = planner.plan()
        fittingFeatureVoxels = planner.fittingFeatureVoxels
        plan = try experiment.plan(fingerprint, labelSet: LabelSet.spine25.name)
        let recorded = try await system.catalog.folds(dataSet: taken.dataSet, tenant: job.tenant)
        folds =
            recorded.isEmpty && cases.count >= Self.foldCount
            ? try DataSetFold.folds(of: cases, count: Self.foldCount) : recorded
        trainingBytes =
            Network(configuration: plan.network, seed: 0).plan(training: [1, 1] + plan.patch, allHeads: true).bytes
    }

    /// nnU-Net's files of the data set: plans.json (also by the name under which its trainer looks for it),
    /// dataset.json, dataset_fingerprint.json and, where there are folds, splits_final.json.
    package func nnUNetFiles() throws -> [(path: String, data: Data)] {
        let export = try NNUNetExport.planned(plan, fingerprint, dataSet: dataSet)
        var files = try export.files()
        if let plans = files.first(where: { $0.path == "plans.json" }) {
            files.append(("\(export.plansName).json", plans.data))
        }
        if !folds.isEmpty {
            files.append(("splits_final.json", Data(JSONValue(folds.map(\.document)).text.utf8)))
        }
        return files
    }

    package var document: JSONValue {
        func list(_ numbers: [Int]) -> JSONValue { JSONValue(numbers.map { JSONValue($0) }) }
        func list(_ numbers: [Double]) -> JSONValue { JSONValue(numbers.map { JSONValue($0) }) }
        var members: [(key: String, value: JSONValue)] = [
            (key: "data_set", value: JSONValue(dataSet)), (key: "case_count", value: JSONValue(cases.count)),
            (key: "preset", value: JSONValue(preset.rawValue)),
            (key: "orientation", value: JSONValue(plan.orientation)),
            (key: "spacing_in_millimetres", value: list(experiment.spacingInMillimetres)),
            (key: "median_shape", value: list(experiment.medianShape)), (key: "patch", value: list(experiment.patch)),
            (key: "batch_size", value: JSONValue(experiment.batchSize)),
            (key: "batch_dice", value: JSONValue(experiment.usesBatchDice)),
            (key: "feature_voxels", value: JSONValue(experiment.featureVoxels)),
            (key: "fitting_feature_voxels", value: JSONValue(fittingFeatureVoxels)),
            (key: "training_bytes", value: JSONValue(trainingBytes)),
        ]
        if let network = experiment.network.uNet {
            members += [
                (key: "features", value: list(network.features)),
                (key: "strides", value: JSONValue(network.strides.map(list))),
                (key: "kernels", value: JSONValue(network.kernels.map(list))),
                (key: "repeats", value: list(network.repeats)),
            ]
        }
        if let json = try? plan.json() {
            members.append((key: "plan", value: JSONValue(orText: String(decoding: json, as: UTF8.self))))
        }
        return .object(members)
    }
}
