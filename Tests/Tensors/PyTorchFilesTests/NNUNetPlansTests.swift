import Faults
import Foundation
import Networks
import PyTorchFiles
import TestSupport
import Testing

/// What Columna cannot run is refused by its name, from plans and data sets changed in one place.
@Suite struct NNUNetPlansTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Fixtures.url("pytorch/\(path)"), encoding: .utf8)
    }

    private func network(_ plans: String) throws -> NetworkConfiguration {
        try NNUNetPlans(json: Data(plans.utf8)).configuration("3d_fullres").network(inputChannels: 1, classes: 3)
    }

    @Test(arguments: [
        ("torch.nn.LeakyReLU", "torch.nn.ReLU", "nonlin is torch.nn.ReLU"),
        ("InstanceNorm3d", "BatchNorm3d", "norm_op"), ("Conv3d", "Conv2d", "conv_op"),
        ("\"conv_bias\": true", "\"conv_bias\": false", "conv_bias"),
        ("\"dropout_op\": null", "\"dropout_op\": \"torch.nn.Dropout3d\"", "dropout_op"),
        ("\"inplace\": true", "\"negative_slope\": 0.2", "nonlin_kwargs"), ("1e-05", "0.001", "norm_op_kwargs"),
        ("ResidualEncoderUNet", "SwinUNETR", "\"SwinUNETR\""),
        (
            "\"3d_fullres\": {", "\"3d_fullres\": {\"previous_stage\": \"3d_lowres\",",
            "second stage of a cascade (after 3d_lowres)"
        ),
        ("\"DefaultPreprocessor\"", "\"PreprocessorOfSomebody\"", "prepares images by PreprocessorOfSomebody"),
        ("\"CTNormalization\"", "\"CTNormalization\", \"ZScoreNormalization\"", "2 channels"),
        ("\"3d_fullres\": {", "\"3d_fullres\": {\"inherits_from\": \"3d_fullres\",", "inherits from itself"),
        ("\"3d_fullres\": {", "\"3d_fullres\": {\"inherits_from\": \"nowhere\",", "no configuration \"nowhere\""),
        ("\"n_blocks_per_stage\"", "\"n_blocks\"", "needs a list n_blocks_per_stage"),
        ("\"patch_size\"", "\"patch\"", "needs patch_size"),
        ("\"configurations\"", "\"config\"", "with configurations"),
    ]) func whatColumnaHasNotIsNamed(from: String, to: String, reason: String) throws {
        let plans = try text("nnunet-residual/plans.json").replacingOccurrences(of: from, with: to)
        let error = #expect(throws: PyTorchFileError.self) { try network(plans) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    /// What a compressed checkpoint may become follows from the network, so the network is bounded itself.
    @Test func aNetworkTooLargeToBoundItsCheckpointIsRefused() throws {
        var plans = try text("nnunet-residual/plans.json")
        plans.replace(/"features_per_stage": \[[^\]]*\]/, with: "\"features_per_stage\": [4096, 4096, 4096]")
        let error = #expect(throws: PyTorchFileError.self) { try network(plans) }
        #expect(error?.code == .malformedSettings)
        #expect(error?.description.contains("parameters, at most 1000000000") == true, "\(error?.description ?? "")")
    }

    @Test func oldPlansDescribeTheSameNetwork() throws {
        let network = try network(text("nnunet-old/plans.json"))
        #expect(network.architecture == .plainUNet)
        let old = try #require(network.uNet)
        #expect(old.features == [2, 4, 4])
        #expect(old.kernels == [[1, 3, 3], [3, 3, 3], [3, 3, 3]])
        #expect(old.convolutionsPerStageDecoder == [2, 1])
    }

    @Test(arguments: [
        ("\"sacrum\": 2", "\"sacrum\": [1, 2]", "sacrum is a region"),
        ("\"sacrum\": 2", "\"sacrum\": 3", "without gaps, got [0, 1, 3]"),
        ("\"labels\"", "\"classes\"", "with labels"),
    ]) func dataSetsOfOtherKindsAreRefused(from: String, to: String, reason: String) throws {
        let dataset = try text("nnunet-old/dataset.json").replacingOccurrences(of: from, with: to)
        let error = #expect(throws: PyTorchFileError.self) { try NNUNetDataset(json: Data(dataset.utf8)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    /// MIC-DKFZ/nnUNet#2651, #2316: a list of one, or a text, is that label (`LabelManager`).
    @Test(arguments: ["[2]", "\"2\"", "[\"2\"]", "\" 2 \"", "2.0"]) func aLabelsNumberMayBeAListOfOneOrAText(
        value: String
    ) throws {
        let dataset = try text("nnunet-old/dataset.json").replacingOccurrences(
            of: "\"sacrum\": 2", with: "\"sacrum\": \(value)")
        #expect(try NNUNetDataset(json: Data(dataset.utf8)).labels == ["background", "vertebrae_L5", "sacrum"])
    }

    @Test(arguments: ["\"two\"", "[]", "null", "2.5", "{}"]) func aLabelWithoutANumberIsNamed(value: String) throws {
        let dataset = try text("nnunet-old/dataset.json").replacingOccurrences(
            of: "\"sacrum\": 2", with: "\"sacrum\": \(value)")
        let error = #expect(throws: PyTorchFileError.self) { try NNUNetDataset(json: Data(dataset.utf8)) }
        #expect(
            error?.description.contains("the label sacrum must have a whole number") == true,
            "\(error?.description ?? "")")
    }

    /// MIC-DKFZ/nnUNet#2674.
    @Test func labelsTheOtherWayRoundAreSaidToBe() throws {
        let json = #"{"channel_names": {"0": "CT"}, "labels": {"0": "background", "1": "L5", "2": "sacrum"}}"#
        let error = #expect(throws: PyTorchFileError.self) { try NNUNetDataset(json: Data(json.utf8)) }
        #expect(
            error?.description.contains("the other way round") == true && error?.description.contains("region") == false
        )
    }

    @Test(arguments: [
        (Data([0x1F, 0x8B, 8, 0]), "gzip"),
        (Data("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8), "Git LFS"),
        (Data("<!DOCTYPE html>\n<html>".utf8), "web page"), (Data("/annex/objects/MD5E-s1\n".utf8), "git-annex"),
        (Data(), "an empty file"),
    ]) func otherFilesInPlaceOfJSONAreNamed(data: Data, kind: String) {
        for read in [{ _ = try NNUNetPlans(json: $0) }, { _ = try NNUNetDataset(json: $0) }] as [(Data) throws -> Void]
        {
            let error = #expect(throws: PyTorchFileError.self) { try read(data) }
            #expect(
                error?.code == .malformedSettings && error?.description.contains(kind) == true,
                "\(error?.description ?? "")")
        }
    }

    @Test func theLabelToIgnoreHasNoChannel() throws {
        let dataset = try text("nnunet-old/dataset.json").replacingOccurrences(
            of: "\"sacrum\": 2", with: "\"sacrum\": 2, \"ignore\": 3")
        #expect(try NNUNetDataset(json: Data(dataset.utf8)).labels == ["background", "vertebrae_L5", "sacrum"])
    }

    /// A model whose weights are of another network than its plans: the tensor and both shapes are named.
    @Test func plansOfAnotherNetworkNameTheTensor() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Fixtures.url("pytorch/nnunet-residual"), to: folder)
        var plans = try text("nnunet-residual/plans.json")
        let features = try #require(plans.firstRange(of: /"features_per_stage": \[\s*2,/))
        plans.replaceSubrange(features, with: "\"features_per_stage\": [6,")
        try Data(plans.utf8).write(to: folder.appending(path: "plans.json"))
        let error = #expect(throws: PyTorchFileError.self) { try NNUNetModel(NNUNetModelFolder(folder)) }
        #expect(error?.code == .shapeMismatch)
        #expect(
            error?.description.contains("encoder.stem.convs.0.conv.weight has the shape [2, 1, 3, 3, 3]") == true,
            "\(error?.description ?? "")")
        #expect(error?.description.contains("needs [6, 1, 3, 3, 3]") == true)
    }
}
