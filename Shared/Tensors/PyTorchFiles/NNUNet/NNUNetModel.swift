import Faults
package import Networks

/// A trained model of nnU-Net: network, weights and everything that preprocessing and prediction go by.
package struct NNUNetModel {
    package let network: NetworkConfiguration
    package let parameters: Parameters
    package let configuration: NNUNetConfiguration
    package let plans: NNUNetPlans
    package let dataset: NNUNetDataset
    package let trainer: String
    package let fold: String
    /// Axes of the network's input nnU-Net mirrors along when it predicts.
    package let mirroringAxes: [Int]
    /// Folds that are there too; nnU-Net predicts with the mean of all.
    package let otherFolds: [String]
    /// As `NNUNetModelFolder.strangers`.
    package let strangers: [String]

    /// - Throws: `PyTorchFileError` naming what is missing, of another shape, or not supported.
    package init(_ folder: NNUNetModelFolder) throws {
        let plans = try NNUNetPlans(json: folder.plans())
        let dataset = try NNUNetDataset(json: folder.dataset())
        // Which configuration is only in the checkpoint; any of them bounds its size.
        let networks = plans.configurationNames.compactMap { try? Self.network(plans, dataset, $0) }
        guard let largest = networks.map(Self.parameterCount).max() else {
            // The first one's error says why none can be run.
            _ = try Self.network(plans, dataset, plans.configurationNames.first ?? "")
            throw PyTorchFileError(.malformedSettings, "plans.json has no configuration")
        }
        let checkpoint = try NNUNetCheckpoint(folder.checkpoint(parameterCount: largest))
        try self.init(
            checkpoint, plans, dataset, fold: folder.fold, otherFolds: folder.folds.filter { $0 != folder.fold },
            strangers: folder.strangers)
    }

    /// A checkpoint alone: plans.json and dataset.json are inside it as well.
    package init(checkpoint file: PyTorchFile) throws {
        let checkpoint = try NNUNetCheckpoint(file)
        guard let plans = checkpoint.plans, let dataset = checkpoint.dataset else {
            throw PyTorchFileError(
                .malformedSettings,
                "the checkpoint has no plans and dataset in its init_args; import the folder with plans.json instead")
        }
        try self.init(
            checkpoint, NNUNetPlans(json: file.graph.json(plans)), NNUNetDataset(json: file.graph.json(dataset)),
            fold: checkpoint.fold, otherFolds: [], strangers: [])
    }

    private init(
        _ checkpoint: NNUNetCheckpoint, _ plans: NNUNetPlans, _ dataset: NNUNetDataset, fold: String,
        otherFolds: [String], strangers: [String]
    ) throws {
        self.plans = plans
        self.dataset = dataset
        self.fold = fold
        self.otherFolds = otherFolds
        self.strangers = strangers
        trainer = checkpoint.trainer
        mirroringAxes = checkpoint.mirroringAxes
        configuration = try plans.configuration(checkpoint.configuration)
        network = try Self.network(plans, dataset, checkpoint.configuration)
        parameters = try checkpoint.weights.parameters(
            matching: network.parameterTable,
            of: "\(network.architecture.rawValue) of \(dataset.labels.count) labels that plans.json describes")
    }

    private static func network(_ plans: NNUNetPlans, _ dataset: NNUNetDataset, _ name: String) throws
        -> NetworkConfiguration
    {
        guard dataset.channels.count == 1 else {
            throw PyTorchFileError(
                .unsupported,
                "the model is for \(dataset.channels.count) channels (\(dataset.channels.joined(separator: ", ").prefix(200))), expected one of CT"
            )
        }
        return try plans.configuration(name).network(inputChannels: 1, classes: dataset.labels.count)
    }

    private static func parameterCount(_ network: NetworkConfiguration) -> Int {
        network.parameterTable.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }
}
