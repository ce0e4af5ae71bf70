import Faults
package import Foundation
import JobEngine
package import ModelExchange
import Networks
import Planning
import Plans
package import PyTorchFiles
import Storage
package import Studies
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
    /// - Throws: `OperationError` (`missing`) where there is no such version, or its weights are damaged or gone.
    package init(_ reference: ModelReference, as format: ModelExport.Format, in system: SystemConnection) async throws {
        let version = try await system.model(reference)
        let store = try await system.objects()
        guard case .intact = try await store.verify(version.weights.address) else {
            throw OperationError(
                .missing,
                "the weights of \(version.reference) are damaged or missing in storage: run `columna storage verify`")
        }
        let file = try await store.open(version.weights.address, expectedByteCount: version.weights.byteCount)
        let fingerprint = format == .nnUNet ? try await system.fingerprint(of: version) : nil
        self.version = version
        (content, remarks) = try await OwnThread.run {
            try Self.convert(Data(contentsOf: file, options: .alwaysMapped), reference, format, fingerprint)
        }
    }

    private static func convert(
        _ data: Data, _ reference: ModelReference, _ format: ModelExport.Format, _ fingerprint: DataSetFingerprint?
    ) throws -> (Content, [String]) {
        guard format != .safetensors else { return (.file(data), []) }
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
            let (made, remarks) = try export.nnUNet()
            return (.folder(try fingerprint.map(made.describing) ?? made), remarks)
        }
    }
}
