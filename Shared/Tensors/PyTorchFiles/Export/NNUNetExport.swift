import Archives
package import Foundation
package import Networks

/// A model as nnU-Net's own loader reads it: plans.json, dataset.json and a checkpoint; or one that is planned only.
package struct NNUNetExport: Sendable {
    /// What nnU-Net's planner knows of the data set that a network is for. Axes are the network's.
    package struct DataSet: Sendable {
        /// dataset_fingerprint.json.
        package var fingerprint: Data
        package var caseCount: Int
        /// Of the foreground.
        package var (median, minimum, maximum): (Double, Double, Double)
        package var medianSpacingInMillimetres: [Double]
        package var medianShape: [Int]
        /// At the network's spacing; may have halves.
        package var medianShapeAtSpacing: [Double]

        package init(
            fingerprint: Data, caseCount: Int, median: Double, minimum: Double, maximum: Double,
            medianSpacingInMillimetres: [Double], medianShape: [Int], medianShapeAtSpacing: [Double]
        ) {
            self.fingerprint = fingerprint
            self.caseCount = caseCount
            (self.median, self.minimum, self.maximum) = (median, minimum, maximum)
            self.medianSpacingInMillimetres = medianSpacingInMillimetres
            self.medianShape = medianShape
            self.medianShapeAtSpacing = medianShapeAtSpacing
        }
    }

    package var datasetName = "Dataset900_Columna"
    package var trainer = "nnUNetTrainer"
    package var plansName = "nnUNetPlans"
    package var planner = "ExperimentPlanner"
    package var configurationName = "3d_fullres"
    package var imageReader = "NibabelIOWithReorient"
    package var transposeForward = [0, 1, 2]
    /// Depth, height and width of the network's input.
    package var spacingInMillimetres: [Double]
    package var patch: [Int]
    package var intensities: NNUNetIntensities
    /// The degree of the splines nnU-Net is to resample images by: 0 nearest, 1 linear, 3 cubic.
    package var resamplingOrder = 1
    /// Whether nnU-Net is to leave images at their own spacing.
    package var keepsSpacing = false
    package var mirroringAxes: [Int] = []
    package var batchSize = 2
    /// Whether the loss sums its Dice over a batch.
    package var usesBatchDice = false
    /// Nil: not known; nnU-Net needs none of it to run the model.
    package var dataSet: DataSet?
    /// `background` first.
    package var labels: [String]
    package var network: NetworkConfiguration
    /// None: not trained yet; there is no checkpoint.
    package var parameters: Parameters
    /// Of an ensemble, the networks after the first: fold 1, 2 …
    package var otherFolds: [Parameters] = []

    /// What nnU-Net's logger keeps in each fold's checkpoint; of one that has none here nothing is known.
    package var foldLogs: [NNUNetLog] = []

    /// What lies in each fold's folder beside the checkpoint.
    package var foldFiles: [[(name: String, data: Data)]] = []

    package init(
        network: NetworkConfiguration, parameters: Parameters, labels: [String], spacingInMillimetres: [Double],
        patch: [Int], intensities: NNUNetIntensities
    ) {
        self.network = network
        self.parameters = parameters
        self.labels = labels
        self.spacingInMillimetres = spacingInMillimetres
        self.patch = patch
        self.intensities = intensities
    }

    /// `nnUNetTrainer__nnUNetPlans__3d_fullres`: how nnU-Net names a model's folder.
    package var folderName: String { "\(trainer)__\(plansName)__\(configurationName)" }

    /// The folder's files by their paths in it.
    /// - Throws: `unsupported` for a network that nnU-Net does not have.
    package func files() throws -> [(path: String, data: Data)] {
        let plans = try plans()
        var files = [("plans.json", try Self.json(plans)), ("dataset.json", try Self.json(dataset))]
        if let dataSet { files.append(("dataset_fingerprint.json", dataSet.fingerprint)) }
        let folds = parameters.names.isEmpty ? [] : [parameters] + otherFolds
        for (fold, parameters) in folds.enumerated() {
            files.append(("fold_\(fold)/checkpoint_final.pth", try checkpoint(plans, parameters, fold: fold)))
        }
        for (fold, others) in zip(folds.indices, foldFiles) {
            files += others.map { ("fold_\(fold)/\($0.name)", $0.data) }
        }
        return files
    }

    /// The same as `nnUNetv2_install_pretrained_model_from_zip` unpacks it.
    package func archive() throws -> Data {
        var archive = ZipWriter()
        for (path, data) in try files() { try archive.put("\(datasetName)/\(folderName)/\(path)", data) }
        return archive.finished()
    }

    private static func json(_ item: PickleItem) throws -> Data {
        try JSONSerialization.data(
            withJSONObject: item.plain, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    private var dataset: PickleItem {
        .dictionary([
            ("channel_names", .dictionary([("0", .text("CT"))])),
            ("labels", .dictionary(labels.enumerated().map { ($1, .integer($0)) })),
            ("numTraining", .integer(dataSet?.caseCount ?? 0)), ("file_ending", .text(".nii.gz")),
            ("overwrite_image_reader_writer", .text(imageReader)),
        ])
    }

    private func checkpoint(_ plans: PickleItem, _ parameters: Parameters, fold: Int) throws -> Data {
        let names = NNUNetAliases.names(of: parameters.names)
        let arguments: [(String, PickleItem)] = [
            ("plans", plans), ("configuration", .text(configurationName)), ("fold", .integer(fold)),
            ("dataset_json", dataset),
        ]
        let log = fold < foldLogs.count ? foldLogs[fold] : NNUNetLog([])
        let root: PickleItem = .dictionary([
            ("network_weights", .tensors(names)), ("optimizer_state", .none), ("grad_scaler_state", .none),
            ("logging", log.item), ("_best_ema", log.bestAverage.map(PickleItem.real) ?? .none),
            ("current_epoch", .integer(log.epochs.count)),
            ("init_args", .dictionary(arguments)),
            ("trainer_name", .text(trainer)),
            (
                "inference_allowed_mirroring_axes",
                mirroringAxes.isEmpty ? .none : .tuple(mirroringAxes.map(PickleItem.integer))
            ),
        ])
        return try PyTorchFile.serialized(root, storages: parameters.names.map { parameters[$0] })
    }
}
