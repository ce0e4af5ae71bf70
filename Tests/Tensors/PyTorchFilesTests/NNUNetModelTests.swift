import Faults
import Foundation
import Networks
import PyTorchFiles
import TensorCore
import TestSupport
import Testing

@Suite struct NNUNetModelTests {
    private static let plain = NetworkConfiguration.plainUNet(
        UNetConfiguration(
            inputChannels: 1, features: [2, 4, 4], kernels: [[1, 3, 3], [3, 3, 3], [3, 3, 3]],
            strides: [[1, 1, 1], [1, 2, 2], [2, 2, 2]], classes: 3,
            repeats: [2, 2, 2], convolutionsPerStageDecoder: [2, 1]))
    private static let residual = NetworkConfiguration.residualEncoderUNet(
        UNetConfiguration(
            inputChannels: 1, features: [2, 4, 4], kernels: [[3, 3, 3], [3, 3, 3], [3, 3, 3]],
            strides: [[1, 1, 1], [1, 2, 2], [2, 2, 2]], classes: 3,
            repeats: [1, 2, 1], convolutionsPerStageDecoder: [1, 1]))

    private func model(_ name: String, fold: String? = nil) throws -> NNUNetModel {
        try NNUNetModel(NNUNetModelFolder(Fixtures.url("pytorch/\(name)"), .init(fold: fold)))
    }

    private func expectWeights(_ model: NNUNetModel, _ file: String) throws {
        let expected = try Safetensors.read(Fixtures.url("pytorch/\(file).safetensors"))
        #expect(model.parameters.names == model.network.parameterTable.map(\.name))
        #expect(Set(model.parameters.names) == Set(expected.names))
        for name in model.parameters.names {
            #expect(try model.parameters[name].values == expected.tensor(name).values, "\(name)")
        }
    }

    @Test(arguments: [
        ("nnunet-plain.zip", "nnunet-plain", plain, [0, 1, 2], "nnUNetTrainer"),
        ("nnunet-old", "nnunet-plain", plain, [], "nnUNetTrainerNoMirroring"),
        ("nnunet-residual", "nnunet-residual", residual, [0, 2], "nnUNetTrainer"),
    ]) func aModelIsReadWithItsPlans(
        path: String, weights: String, network: NetworkConfiguration, mirroring: [Int], trainer: String
    ) throws {
        let model = try model(path)
        #expect(model.network == network)
        try expectWeights(model, weights)
        #expect(model.mirroringAxes == mirroring)
        #expect(model.trainer == trainer)
        #expect(model.fold == "0")
        #expect(model.otherFolds == (path == "nnunet-plain.zip" ? ["1"] : []))
        #expect(model.configuration.name == "3d_fullres")
        #expect(model.configuration.patch == [8, 16, 12])
        #expect(model.configuration.spacingInMillimetres == [3, 0.8, 0.75])
        #expect(model.configuration.normalization == "CTNormalization")
        #expect(model.configuration.resampling.order == 3)
        #expect(model.plans.intensities == NNUNetIntensities(lower: -550, upper: 1320, mean: 150.5, deviation: 310.25))
        #expect(model.plans.imageReader == "NibabelIOWithReorient")
        #expect(model.dataset.labels == ["background", "vertebrae_L5", "sacrum"])
        #expect(model.dataset.channels == ["CT"])
    }

    @Test func aLinkToAFolderIsReadAsTheFolder() throws {
        let folder = try TemporaryFolder()
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(
            at: link, withDestinationURL: Fixtures.url("pytorch/nnunet-residual"))
        #expect(try NNUNetModel(NNUNetModelFolder(link)).network == Self.residual)
    }

    @Test func aCheckpointAloneHoldsItsPlansToo() throws {
        let alone = try NNUNetModel(
            checkpoint: PyTorchFile.read(Fixtures.url("pytorch/nnunet-residual/fold_0/checkpoint_final.pth")))
        #expect(alone.network == Self.residual)
        try expectWeights(alone, "nnunet-residual")
        #expect(alone.plans.intensities == (try model("nnunet-residual").plans.intensities))
    }

    @Test func anotherFoldHasOtherWeightsAndAMissingOneIsNamed() throws {
        let name = "encoder.stages.0.0.convs.0.conv.weight"
        #expect(
            try model("nnunet-plain.zip", fold: "1").parameters[name].values
                != model("nnunet-plain.zip").parameters[name].values)
        let error = #expect(throws: PyTorchFileError.self) { try model("nnunet-plain.zip", fold: "4") }
        #expect(error?.description.contains("no fold 4, only 0, 1") == true)
    }

    @Test func ofSeveralConfigurationsOneIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, name) in [("nnunet-old", "T__P__3d_lowres"), ("nnunet-residual", "T__P__3d_fullres")] {
            try FileManager.default.copyItem(at: Fixtures.url("pytorch/\(path)"), to: folder.appending(path: name))
        }
        let error = #expect(throws: PyTorchFileError.self) { try NNUNetModelFolder(folder) }
        #expect(
            error?.description.contains("T__P__3d_fullres, T__P__3d_lowres): name one with --configuration") == true)
        #expect(try NNUNetModel(NNUNetModelFolder(folder, .init(configuration: "3d_fullres"))).network == Self.residual)
        #expect(throws: PyTorchFileError(.missingTensor, "")) {
            try NNUNetModelFolder(folder, .init(configuration: "2d"))
        }
    }

    @Test func aFolderWithoutAModelSaysWhatIsExpected() {
        let error = #expect(throws: PyTorchFileError.self) { try NNUNetModelFolder(Fixtures.url("volumes")) }
        #expect(error?.description.contains("fold_N/checkpoint_final.pth is expected") == true)
    }

    /// An exported zip that was cut off, or has a wrong byte anywhere, is refused or read, but never a crash.
    @Test func noTornZipIsRead() throws {
        let whole = try Data(contentsOf: Fixtures.url("pytorch/nnunet-plain.zip"))
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).zip")
        defer { try? FileManager.default.removeItem(at: file) }
        func read(_ data: Data) throws {
            try data.write(to: file)
            _ = try NNUNetModel(NNUNetModelFolder(file))
        }
        TornFile(whole: whole, seed: 11).expectNoCrash(damages: 300, read)
    }

    // MARK: Export

    private func export(_ network: NetworkConfiguration, seed: UInt64) -> NNUNetExport {
        let parameters = Network(configuration: network, seed: seed).parameters
        var export = NNUNetExport(
            network: network, parameters: parameters, labels: ["background", "L5", "sacrum"],
            spacingInMillimetres: [3, 0.5, 0.75], patch: [8, 16, 12],
            intensities: NNUNetIntensities(lower: -500.5, upper: 1300, mean: 100, deviation: 250))
        export.mirroringAxes = [0, 2]
        export.transposeForward = [1, 2, 0]
        return export
    }

    @Test(arguments: [plain, residual]) func whatIsExportedIsImportedAgain(network: NetworkConfiguration) throws {
        let export = export(network, seed: 5)
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).zip")
        defer { try? FileManager.default.removeItem(at: file) }
        try export.archive().write(to: file)
        let model = try NNUNetModel(NNUNetModelFolder(file))
        #expect(model.network == network)
        #expect(model.parameters.names == export.parameters.names)
        for name in model.parameters.names {
            #expect(model.parameters[name].values == export.parameters[name].values, "\(name)")
        }
        #expect(model.mirroringAxes == [0, 2])
        #expect(model.plans.transposeForward == [1, 2, 0])
        #expect(model.plans.intensities == export.intensities)
        #expect(model.configuration.patch == export.patch)
        #expect(model.configuration.spacingInMillimetres == export.spacingInMillimetres)
        #expect(model.dataset.labels == export.labels)
    }

    /// The names of nnunetv2's LocalLogger, each with a value an epoch.
    @Test func aCheckpointTellsHowItWasTrained() throws {
        var export = export(Self.plain, seed: 1)
        var epochs = [(-0.25, 0.5), (-0.5, 0.75)].map { loss, dice in
            var epoch = NNUNetLog.Epoch(loss: loss, learningRate: 0.01)
            (epoch.validationLoss, epoch.dice, epoch.meanDice, epoch.averageDice) = (
                loss / 2, [dice, dice], dice, dice
            )
            (epoch.start, epoch.end) = (10, 12.5)
            return epoch
        }
        (epochs[1].averageDice, epochs[1].start, epochs[1].end) = (0.525, 12.5, 15)
        export.foldLogs = [NNUNetLog(epochs)]
        let checkpoint = try #require(export.files().first { $0.path.hasSuffix(".pth") })
        let graph = try PyTorchFile(data: checkpoint.data).graph
        let logging = try graph.json(#require(graph.value("logging", of: graph.root)))
        let read = try JSONDecoder().decode([String: JSONNumbers].self, from: logging)
        #expect(
            read == [
                "train_losses": .row([-0.25, -0.5]), "val_losses": .row([-0.125, -0.25]), "lrs": .row([0.01, 0.01]),
                "mean_fg_dice": .row([0.5, 0.75]), "ema_fg_dice": .row([0.5, 0.525]),
                "dice_per_class_or_region": .rows([[0.5, 0.5], [0.75, 0.75]]),
                "epoch_start_timestamps": .row([10, 12.5]), "epoch_end_timestamps": .row([12.5, 15]),
            ])
        guard case .integer(2)? = graph.value("current_epoch", of: graph.root),
            case .real(0.525)? = graph.value("_best_ema", of: graph.root)
        else {
            Issue.record("epochs and best average are those of the log")
            return
        }
    }

    private enum JSONNumbers: Decodable, Equatable {
        case row([Double])
        case rows([[Double]])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let rows = try? container.decode([[Double]].self) {
                self = .rows(rows)
            } else {
                self = .row(try container.decode([Double].self))
            }
        }
    }

    /// nnU-Net's loader is strict: a checkpoint has exactly the names its networks have.
    @Test(arguments: [(plain, "nnunet-old"), (residual, "nnunet-residual")])
    func anExportHasTheNamesOfNNUNetsOwnCheckpoint(network: NetworkConfiguration, folder: String) throws {
        func names(_ file: PyTorchFile) throws -> Set<String> {
            let weights = try #require(file.graph.value("network_weights", of: file.graph.root))
            return Set(try StateDictionary(weights, of: file).names)
        }
        let checkpoint = try #require(export(network, seed: 1).files().first { $0.path.hasSuffix(".pth") })
        let original = try PyTorchFile.read(Fixtures.url("pytorch/\(folder)/fold_0/checkpoint_final.pth"))
        #expect(try names(PyTorchFile(data: checkpoint.data)) == names(original))
    }

    @Test func aSegResNetIsNotExportedForNNUNet() {
        #expect(throws: PyTorchFileError(.unsupported, "")) {
            try export(.segResNet(SegResNet.Configuration()), seed: 1).files()
        }
    }
}
