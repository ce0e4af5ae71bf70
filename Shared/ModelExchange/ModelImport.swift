package import Foundation
import Networks
import Plans
package import PyTorchFiles

/// Brings in models as people have them: Columna's own files, MONAI's `.pt`, nnU-Net's model folders, exported zips and checkpoints. Runs
/// nothing in them.
package struct ModelImport: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        /// By content.
        case auto
        case safetensors
        case monai
        case nnUNet = "nnunet"
    }

    package var format = Format.auto
    /// Which model of a folder or archive with several.
    package var choice = NNUNetModelFolder.Choice()
    /// Where the voxel axes i, j, k of the images grow to that an nnU-Net model was trained on, such as `RAS` or `LPS`. Needed where nnU-Net read
    /// them as they were stored.
    package var imageOrientation: String?
    /// The plan of a file that has none, as JSON: MONAI's files hold weights only.
    package var plan: Data?

    package init() {}

    /// - Throws: `ModelExchangeError`, `PyTorchFileError`, `PlanError`, `TensorError`; blocks.
    package func read(_ url: URL) throws -> ImportedModel {
        let isFolder = (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
        if try isFolder || isExportedModel(url) { return try nnUNet(NNUNetModel(NNUNetModelFolder(url, choice))) }
        if format == .safetensors || format == .auto && isSafetensors(url) { return try safetensors(url) }

        let file = try PyTorchFile.read(url)
        if NNUNetCheckpoint.isCheckpoint(file) { return try nnUNet(NNUNetModel(checkpoint: file)) }
        let state = try StateDictionary(file)
        guard SegResNet.isRecognised(in: state) else {
            let names = state.names.prefix(3).joined(separator: ", ").prefix(200)
            throw ModelExchangeError(
                .unknownFormat,
                "the weights (\(names), …) are not those of MONAI's SegResNet; a model of nnU-Net is imported by its folder or exported zip, which has its plans")
        }
        try require(.monai)
        return try monai(state)
    }

    /// By its content, or by its name: a damaged one is not to be called a damaged file of PyTorch.
    private func isSafetensors(_ url: URL) -> Bool {
        guard url.pathExtension != "safetensors" else { return true }
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped), data.count > 8 else { return false }
        return data[8] == UInt8(ascii: "{") && !ZipArchive.isZip(data) && !PyTorchFile.isLegacy(data)
    }

    private func require(_ found: Format) throws {
        guard format == .auto || format == found else {
            throw ModelExchangeError(.unknownFormat, "the file's format is \(found.rawValue), not \(format.rawValue)")
        }
    }

    private func requireNoChoice(_ what: String) throws {
        guard imageOrientation == nil, choice.fold == nil, choice.configuration == nil else {
            throw ModelExchangeError(.unsupported, "fold, configuration and orientation are for models of nnU-Net, this is \(what)")
        }
    }

    /// Columna's own file, byte by byte as it is; or weights alone under a plan that is given.
    private func safetensors(_ url: URL) throws -> ImportedModel {
        try requireNoChoice("a file of safetensors")
        let file: Data
        do {
            file = try Data(contentsOf: url, options: .alwaysMapped)
        } catch {
            throw ModelExchangeError(.unknownFormat, "the file cannot be read")
        }
        guard let plan else {
            return ImportedModel(model: try ModelFile.model(from: file), source: try ModelSource.inModelFile(file), file: file)
        }
        return ImportedModel(model: try ModelFile.model(from: file, plan: Plan(json: plan)), source: nil)
    }

    private func isExportedModel(_ url: URL) throws -> Bool {
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped), ZipArchive.isZip(data) else { return false }
        return NNUNetModelFolder.isModel(try ZipArchive(data: data))
    }

    private func nnUNet(_ model: NNUNetModel) throws -> ImportedModel {
        try require(.nnUNet)
        guard plan == nil else { throw ModelExchangeError(.unsupported, "a model of nnU-Net has a plan of its own; leave the other one out") }
        let translation = try NNUNetTranslation(model, imageOrientation: imageOrientation)
        return ImportedModel(model: try Model(plan: translation.plan, parameters: translation.parameters), source: translation.source)
    }

    private func monai(_ state: StateDictionary) throws -> ImportedModel {
        try requireNoChoice("one of MONAI")
        guard let plan else {
            let (configuration, parameters) = try SegResNet.network(in: state)
            let (plan, remarks) = Plan.monaiLabel(configuration)
            return ImportedModel(model: try Model(plan: plan, parameters: parameters), source: ModelSource(.monai, remarks: remarks))
        }
        return try monai(state, plan)
    }

    /// A plan that names the network is believed (the weights do not tell the groups of their norms), else the network is inferred.
    private func monai(_ state: StateDictionary, _ json: Data) throws -> ImportedModel {
        struct Named: Decodable { let network: NetworkConfiguration? }
        var given = try Plan(json: json)
        if try JSONDecoder().decode(Named.self, from: json).network == nil {
            given.network = .segResNet(try SegResNet.network(in: state).configuration)
        }
        let parameters = try state.parameters(matching: given.network.parameterTable, of: "\(given.network.architecture.rawValue) of the plan")
        return ImportedModel(model: try Model(plan: given, parameters: parameters), source: ModelSource(.monai))
    }
}
