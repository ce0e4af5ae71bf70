import Foundation
import JobEngine
import Phantoms
import Studies
import Threads

/// The smallest thing that is a model: three phantoms of 48×48×64 voxels, a SegResNet of three levels and four filters,
/// a few steps.
enum TinyModel {
    static let dataSet = "tiny"
    static let phantom = PhantomConfiguration(
        coverage: .levels(21...23), size: [48, 48, 64], spacingInMillimetres: [3, 3, 3])

    static let plan = """
        {"schemaVersion": 1, "labelSet": "spine-25", "orientation": "RAS", "spacingInMillimetres": [3, 3, 3], "interpolation": "linear",
         "intensities": {"scheme": "window", "lower": -250, "upper": 1250}, "patch": [32, 32, 32],
         "slidingWindow": {"overlap": 0.25, "weighting": "gaussian", "sigmaScale": 0.125, "padding": "replicate"},
         "network": {"in_channels": 1, "out_channels": 26, "init_filters": 4, "blocks_down": [1, 1, 1], "blocks_up": [1, 1],
                     "norm_groups": 4, "dropout_prob": 0.1}}
        """

    static func recipe(epochs: Int) -> String {
        """
        {"epochs": \(epochs), "stepsPerEpoch": 4, "seed": 7, "learningRate": 0.002, "foregroundFraction": 0.5, "validationFraction": 0,
         "epochsPerValidation": 0}
        """
    }

    /// Imported and trained once per test process.
    static var version: ModelVersion {
        get async throws { try await training.value }
    }

    /// Imported once per test process; the plan's file.
    static var planFile: URL {
        get async throws { try await importing.value }
    }

    // Not tied to the test that asks first, as the system is not.
    private static let importing = Task.detached { try await importCases() }
    private static let training = Task.detached { try await train() }

    private static func importCases() async throws -> URL {
        let system = try await RunningSystem.shared
        let folder = system.inputs.appending(path: "cases", directoryHint: .isDirectory)
        try await OwnThread.run {
            for seed in 1...3 as ClosedRange<UInt64> {
                try PhantomStudy(seed: seed, configuration: phantom).write(
                    to: folder.appending(path: "case-\(seed)"), format: .nifti)
            }
        }
        let planFile = system.inputs.appending(path: "plan.json")
        try Data(plan.utf8).write(to: planFile)
        let result = try await system.columna(
            [
                "dataset", "import", folder.path, "--data-set", dataSet, "--plan", planFile.path, "--wait", "--timeout",
                "120",
            ])
        guard result.status == 0 else {
            throw Unexpected("importing ended with \(result.status): \(result.output)\(result.errors)")
        }
        return planFile
    }

    private static func train() async throws -> ModelVersion {
        let plan = try await planFile
        let system = try await RunningSystem.shared
        let recipeFile = system.inputs.appending(path: "recipe.json")
        try Data(recipe(epochs: 3).utf8).write(to: recipeFile)
        let result = try await system.columna(
            [
                "train", "start", "--data-set", dataSet, "--model", "tiny", "--plan", plan.path, "--recipe",
                recipeFile.path,
                "--wait", "--timeout", "180",
            ])
        guard result.status == 0 else {
            throw Unexpected("training ended with \(result.status): \(result.output)\(result.errors)")
        }
        guard result.output.contains("columna models promote tiny@1") else {
            throw Unexpected("nothing says that the model must be promoted: \(result.output)")
        }
        let promoted = try await system.columna(["models", "promote", "tiny@1"])
        guard promoted.status == 0, let version = try await system.catalog.modelVersion(name: "tiny", version: nil)
        else {
            throw Unexpected("training left no model: \(promoted.errors)")
        }
        return version
    }
}
