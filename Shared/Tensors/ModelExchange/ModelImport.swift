import Anatomy
import Archives
import Faults
package import Foundation
package import Networks
import Plans
package import PyTorchFiles

/// Brings in models as people have them: Columna's own files, MONAI's `.pt`, nnU-Net's model folders, exported zips and
/// checkpoints. Runs nothing in them.
package struct ModelImport: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        /// By content.
        case auto
        case safetensors
        case monai
        case nnUNet = "nnunet"
        /// A model of nnU-Net that is run as TotalSegmentator runs its own.
        case totalSegmentator = "totalsegmentator"
    }

    package var format = Format.auto
    /// Which model of a folder or archive with several.
    package var choice = NNUNetModelFolder.Choice()
    /// Where the voxel axes i, j, k of the images grow to that an nnU-Net model was trained on, such as `RAS` or `LPS`.
    /// Needed where nnU-Net read them as they were stored.
    package var imageOrientation: String?
    /// The plan of a file that has none, as JSON: MONAI's files hold weights only.
    package var plan: Data?
    /// The names of the network's outputs, `background` first, where they are known from elsewhere; a file that names them
    /// otherwise is refused.
    package var labels: [String]?
    /// Of a bundle of MONAI, values of its configuration that are to be others, as `monai.bundle run` takes them: path to
    /// JSON, such as `displayable_configs#highres` to `false`.
    package var settings: [String: String] = [:]
    /// Of a SegResNet, what its weights do not tell.
    package var choices = SegResNet.Choices()

    package init() {}

    /// - Throws: `ModelExchangeError`, `PyTorchFileError`, `PlanError`, `TensorError`; blocks.
    package func read(_ url: URL) throws -> ImportedModel {
        let isFolder = NNUNetModelFolder.isFolder(url)
        if Self.isBundle(url) { return try bundle(url) }
        guard settings.isEmpty else {
            throw ModelExchangeError(
                .unsupported,
                "values to set are for bundles of MONAI with configs/inference.json, this is none: leave them out")
        }
        if try isFolder || isExportedModel(url) { return try nnUNet(NNUNetModel(NNUNetModelFolder(url, choice))) }
        if format == .safetensors || format == .auto && isSafetensors(url) { return try safetensors(url) }

        let file = try PyTorchFile.read(url)
        if NNUNetCheckpoint.isCheckpoint(file) { return try nnUNet(NNUNetModel(checkpoint: file)) }
        guard !NNUNetCheckpoint.isFirstVersion(file) else { throw PyTorchFileError.firstVersion }
        var state = try StateDictionary(file, anchor: SegResNet.anchor)
        try state.unwrap(anchor: SegResNet.anchor)
        guard SegResNet.isRecognised(in: state) else {
            let names = state.names.prefix(3).joined(separator: ", ").prefix(200)
            throw ModelExchangeError(
                .unknownFormat,
                "the weights (\(names), …) are not those of MONAI's SegResNet; a model of nnU-Net is imported by its folder or exported zip, which has its plans"
            )
        }
        try require(.monai)
        return try monai(state)
    }

    /// The folds that a model of nnU-Net has, where it has several and none is chosen: `0`, `1` … and `all`. Blocks.
    ///
    /// - Throws: as `read`.
    package func folds(of url: URL) throws -> [String] {
        guard choice.fold == nil else { return [] }
        let isFolder = NNUNetModelFolder.isFolder(url)
        guard try isFolder ? !MONAIBundle.isBundle(url) : isExportedModel(url) else { return [] }
        let folds = try NNUNetModelFolder(url, choice).folds
        return folds.count > 1 ? folds : []
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
            throw ModelExchangeError(
                .unsupported, "fold, configuration and orientation are for models of nnU-Net, this is \(what)")
        }
    }

    private func requireNoLayers(_ reason: String) throws {
        guard choices == SegResNet.Choices() else {
            throw ModelExchangeError(
                .unsupported,
                "norm and activation are for weights of MONAI's SegResNet alone; \(reason): leave them out")
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
            try requireNoLayers("a file of safetensors that comes alone has its network in its plan")
            return ImportedModel(
                model: try ModelFile.model(from: file), source: try ModelSource.inModelFile(file), file: file)
        }
        let weights = try ModelFile.weights(withoutPlan: file)
        let given = try Plan(json: plan)
        // Of what weights do not tell, MONAI's say the same in either format.
        if given.network.segResNet != nil, try WrapperPrefix.before(SegResNet.anchor, in: weights.map(\.name)) != nil {
            var state = try StateDictionary(weights)
            try state.unwrap(anchor: SegResNet.anchor)
            return try monai(state, plan)
        }
        try requireNoLayers("the plan names the network")
        return ImportedModel(model: try ModelFile.model(of: weights, plan: given), source: nil)
    }

    /// Whether it is a bundle of MONAI, a folder or an archive; a file of torch.save is an archive, too.
    package static func isBundle(_ url: URL) -> Bool {
        if NNUNetModelFolder.isFolder(url) { return MONAIBundle.isBundle(url) }
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped), ZipArchive.isZip(data),
            let archive = try? ZipArchive(data: data)
        else { return false }
        return MONAIBundle.isBundle(archive)
    }

    /// A bundle's configuration as the plan, its weights under the network it names.
    private func bundle(_ url: URL) throws -> ImportedModel {
        try require(.monai)
        try requireNoChoice("a bundle of MONAI")
        try requireNoLayers("a bundle of MONAI has its network in its configuration")
        guard plan == nil else {
            throw ModelExchangeError(
                .unsupported,
                "a bundle of MONAI has a plan of its own in configs/inference.json; leave the other one out, or import its models/model.pt with it"
            )
        }
        var bundle = try MONAIBundle(url)
        for (path, json) in settings.sorted(by: { $0.key < $1.key }) {
            let value = try? JSONSerialization.jsonObject(with: Data(json.utf8), options: [.fragmentsAllowed])
            try bundle.configuration.set(path, to: value ?? json)
        }
        let translation = try BundleTranslation(bundle.configuration)
        var plan = translation.plan
        var state = try StateDictionary(bundle.weights(), anchor: SegResNet.anchor)
        try state.unwrap(anchor: SegResNet.anchor)
        guard let network = plan.network.segResNet else { preconditionFailure("a bundle's network is a SegResNet") }
        let parameters = try SegResNet.parameters(of: state, network)
        var source = ModelSource(.monai, remarks: translation.remarks + others(state))
        source.dataSet = bundle.version.map { "bundle \($0)" }
        if let names = bundle.labels, let labels, !ForeignLabels.agree(names, labels) || names.count != labels.count {
            throw ModelExchangeError(
                .unsupported,
                "the bundle's outputs (channel_def of configs/metadata.json) have other names than the label table has: it is not the model that the table is for"
            )
        }
        if let names = labels ?? bundle.labels {
            source.remarks += try name(names, in: &plan, &source)
        } else {
            source.remarks.append(
                "Its \(plan.classes) outputs have no names: label maps have the numbers of its channels, and evaluation, which knows spine-25, does not fit them."
            )
        }
        return ImportedModel(model: try Model(plan: plan, parameters: parameters), source: source)
    }

    private func isExportedModel(_ url: URL) throws -> Bool {
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped), ZipArchive.isZip(data) else {
            return false
        }
        return NNUNetModelFolder.isModel(try ZipArchive(data: data))
    }

    private func nnUNet(_ model: NNUNetModel) throws -> ImportedModel {
        if format != .totalSegmentator { try require(.nnUNet) }
        try requireNoLayers("a model of nnU-Net has its network in its plans")
        guard plan == nil else {
            throw ModelExchangeError(.unsupported, "a model of nnU-Net has a plan of its own; leave the other one out")
        }
        if let labels {
            guard labels.count == model.dataset.labels.count else {
                throw Self.otherLabels(model.dataset.labels.count, labels.count)
            }
            guard ForeignLabels.agree(labels, model.dataset.labels) else {
                throw ModelExchangeError(
                    .unsupported,
                    "the file's outputs have other names than the label table has: it is not the model that the table is for"
                )
            }
        }
        let translation = try NNUNetTranslation(
            model, imageOrientation: imageOrientation, labels: labels,
            forTotalSegmentator: format == .totalSegmentator)
        return ImportedModel(
            model: try Model(plan: translation.plan, parameters: translation.parameters), source: translation.source)
    }

    private func monai(_ state: StateDictionary) throws -> ImportedModel {
        try requireNoChoice("one of MONAI")
        guard let plan else {
            let (configuration, parameters, assumptions) = try SegResNet.network(in: state, choices)
            let (plan, remarks) = Plan.monaiLabel(configuration)
            return ImportedModel(
                model: try Model(plan: plan, parameters: parameters),
                source: ModelSource(.monai, remarks: remarks + assumptions + others(state)))
        }
        return try monai(state, plan)
    }

    /// A plan that names the network is believed (weights do not tell all of it), else the network is inferred.
    private func monai(_ state: StateDictionary, _ json: Data) throws -> ImportedModel {
        var given = try Plan(json: json)
        let named = (try JSONSerialization.jsonObject(with: json) as? [String: Any])?["network"] as? [String: Any]
        var (parameters, assumptions): (Parameters, [String])
        if let named {
            try requireNoLayers("the plan names the network")
            guard let network = given.network.segResNet else {
                throw ModelExchangeError(
                    .unsupported,
                    "the plan is for a \(given.network.architecture.rawValue), the weights are those of a SegResNet")
            }
            (parameters, assumptions) = (try SegResNet.parameters(of: state, network), Self.unsaid(named))
        } else {
            let found = try SegResNet.network(in: state, choices)
            given.network = .segResNet(found.configuration)
            (parameters, assumptions) = (found.parameters, found.assumptions)
        }
        var source = ModelSource(.monai, remarks: assumptions + others(state))
        if let labels { source.remarks += try name(labels, in: &given, &source) }
        return ImportedModel(model: try Model(plan: given, parameters: parameters), source: source)
    }

    /// Gives the outputs of a plan's network their names, and thereby their labels.
    /// - Returns: sentences on what became of them.
    private func name(_ labels: [String], in plan: inout Plan, _ source: inout ModelSource) throws -> [String] {
        guard labels.count == plan.classes else { throw Self.otherLabels(plan.classes, labels.count) }
        let found = ForeignLabels(labels, reorders: false)
        if let set = found.labelSet {
            (plan.labelSet, plan.classLabels, plan.mergesClasses) = (set, found.classLabels, found.isWorthMerging)
        } else if LabelSet.named(plan.labelSet) != nil {
            plan.labelSet = "unnamed-\(labels.count)"
        }
        source.labels = labels
        guard found.labelSet == nil else { return found.remarks }
        return [
            "Its labels are none of Columna's sets: label maps have the numbers of its outputs (1 \(labels.dropFirst().first?.prefix(40) ?? ""), …); evaluation, which knows spine-25, does not fit them."
        ]
    }

    static func otherLabels(_ outputs: Int, _ labels: Int) -> ModelExchangeError {
        ModelExchangeError(
            .unsupported,
            "the network has \(outputs) outputs, the label table names \(labels): the file is not the model that the table is for"
        )
    }

    /// What a plan's SegResNet leaves to MONAI's arguments, and weights do not tell either.
    private static func unsaid(_ network: [String: Any]) -> [String] {
        var sentences: [String] = []
        if network["norm"] == nil, network["norm_groups"] == nil {
            sentences.append(
                "The plan's network does not say its norms: they were taken for group norms of \(SegResNet.Norm.usualGroups) groups, as MONAI has them. With others all results are wrong; "
                    + "if it was made with others, import it again with norm or norm_groups in the plan.")
        }
        if network["act"] == nil {
            sentences.append(
                "The plan's network does not say its activations: they were taken for relu, as MONAI has them. If it was made with others, import it again with "
                    + "act in the plan.")
        }
        return sentences
    }

    /// A file may have the weights of a model and of its running mean: which were taken is said.
    private func others(_ state: StateDictionary) -> [String] {
        guard state.keys.count > 1 else { return [] }
        let names = state.keys.map { $0.isEmpty ? "its first level" : $0 }
        return [
            "The file has weights of a network under \(names.prefix(4).joined(separator: ", ")): those under \(names[0]) were taken."
        ]
    }
}
