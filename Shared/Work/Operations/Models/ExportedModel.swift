import Faults
package import Foundation
import JobEngine
import Learning
package import ModelExchange
import Networks
import Planning
import Plans
package import PyTorchFiles
import Storage
package import Studies
package import TensorCore
import Threads

/// A version of a model, as another program reads it.
package struct ExportedModel: Sendable {
    package enum Content: Sendable {
        case file(Data)
        /// nnU-Net's, which takes an archive of it too.
        case folder(NNUNetExport)
    }

    package let version: ModelVersion
    package let content: Content
    /// What whoever uses it must know.
    package let remarks: [String]

    /// Reads the weights from storage, whole and checked.
    ///
    /// - Parameter precision: of each weight in a safetensors file; the other formats have float32.
    /// - Throws: `OperationError` (`missing`) where there is no such version, or its weights are damaged or gone.
    package init(
        _ reference: ModelReference, as format: ModelExport.Format, precision: StoredPrecision = .float32,
        in system: SystemConnection
    ) async throws {
        let version = try await system.model(reference)
        let store = try await system.objects()
        guard case .intact = try await store.verify(version.weights.address) else {
            throw OperationError(
                .missing,
                "the weights of \(version.reference) are damaged or missing in storage: run `columna storage verify`")
        }
        let file = try await store.open(version.weights.address, expectedByteCount: version.weights.byteCount)
        let fingerprint = format == .nnUNet ? try await system.fingerprint(of: version) : nil
        let runs = format == .nnUNet ? try await Self.runs(of: version, in: system) : []
        self.version = version
        (content, remarks) = try await OwnThread.run {
            try Self.convert(
                Data(contentsOf: file, options: .alwaysMapped), reference, format, precision, fingerprint, runs)
        }
    }

    /// How it, or each member of an ensemble, was trained; nil: not here.
    private static func runs(of version: ModelVersion, in system: SystemConnection) async throws -> [Run?] {
        var versions = [version]
        if let ensemble = version.ensemble {
            versions = []
            for member in ensemble.members { versions.append(try await system.catalog.version(member.model)) }
        }
        var runs: [Run?] = []
        for version in versions {
            guard let job = version.job, let recipe = try? Recipe(json: Data(version.recipeJSON.utf8)) else {
                runs.append(nil)
                continue
            }
            runs.append(Run(recipe: recipe, epochs: try await system.catalog.epochs(of: job)))
        }
        return runs
    }

    private struct Run {
        let recipe: Recipe
        let epochs: [EpochMetrics]
    }

    private static func convert(
        _ data: Data, _ reference: ModelReference, _ format: ModelExport.Format, _ precision: StoredPrecision,
        _ fingerprint: DataSetFingerprint?, _ runs: [Run?]
    ) throws -> (Content, [String]) {
        if format == .safetensors {
            guard precision != .float32 else { return (.file(data), []) }
            return (
                .file(try ModelFile.rounded(data, to: precision)),
                ["Weights are rounded to \(precision.rawValue): probabilities differ a little from the version's."]
            )
        }
        let made = try ModelFile.model(from: data)
        let export = ModelExport(
            plan: made.plan, parameters: made.network.parameters, source: try ModelSource.inModelFile(data),
            name: reference.name, otherFolds: made.networks.dropFirst().map(\.parameters))
        switch format {
        case .safetensors: return (.file(data), [])
        case .monai:
            return (
                .file(try export.monai()),
                ["The plan is not in the file: `columna models show \(reference) --json` has it."]
            )
        case .nnUNet:
            var (made, remarks) = try export.nnUNet()
            if let fingerprint { made = try made.describing(fingerprint) }
            remarks += Self.tell(&made, runs.compactMap { $0?.recipe.completed(by: export.plan) })
            // A member that is an ensemble itself makes several folds.
            if runs.count == made.otherFolds.count + 1 {
                let runs = runs.map { NNUNetProgress($0?.epochs ?? [], classes: export.plan.classes) }
                (made.foldFiles, made.foldLogs) = (try runs.map { try $0.files() }, runs.map(\.log))
            }
            return (.folder(made), remarks)
        }
    }

    /// What it was trained with, in its plans.
    private static func tell(_ export: inout NNUNetExport, _ recipes: [Recipe]) -> [String] {
        guard let recipe = recipes.first else { return [] }
        (export.batchSize, export.usesBatchDice) = (recipe.cropsPerStep, recipe.batchDice ?? false)
        var remarks: [String] = []
        if recipes.contains(where: { $0.cropsPerStep != recipe.cropsPerStep || $0.batchDice != recipe.batchDice }) {
            remarks.append("Its members were trained with batches of their own: its plans have the first one's.")
        }
        if let patch = recipe.patch, patch != export.patch {
            remarks.append(
                "It was trained on crops of \(patch) voxels; the patch_size in its plans is that of its windows, \(export.patch)."
            )
        }
        return remarks
    }
}
