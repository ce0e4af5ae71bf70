import Faults
import Foundation
import Networks

extension NNUNetExport {
    /// plans.json in today's form.
    func plans() throws -> PickleItem {
        let zeros = [Int](repeating: 0, count: 3)
        let backward = transposeForward.enumerated().reduce(into: zeros) { $0[$1.element] = $1.offset }
        let statistics: [(String, PickleItem)] = [
            ("mean", .real(intensities.mean)), ("median", .real(dataSet?.median ?? intensities.mean)),
            ("std", .real(intensities.deviation)),
            ("min", .real(dataSet?.minimum ?? intensities.lower)),
            ("max", .real(dataSet?.maximum ?? intensities.upper)),
            ("percentile_00_5", .real(intensities.lower)), ("percentile_99_5", .real(intensities.upper)),
        ]
        return .dictionary([
            ("dataset_name", .text(datasetName)), ("plans_name", .text(plansName)),
            (
                "original_median_spacing_after_transp",
                .list((dataSet?.medianSpacingInMillimetres ?? spacingInMillimetres).map(PickleItem.real))
            ),
            ("original_median_shape_after_transp", integers(dataSet?.medianShape ?? patch)),
            ("image_reader_writer", .text(imageReader)),
            ("transpose_forward", integers(transposeForward)), ("transpose_backward", integers(backward)),
            ("configurations", .dictionary([(configurationName, try configuration())])),
            ("experiment_planner_used", .text(planner)), ("label_manager", .text("LabelManager")),
            ("foreground_intensity_properties_per_channel", .dictionary([("0", .dictionary(statistics))])),
        ])
    }

    private func configuration() throws -> PickleItem {
        var values: [(String, PickleItem)] = [
            ("data_identifier", .text("\(plansName)_\(configurationName)")),
            ("preprocessor_name", .text("DefaultPreprocessor")),
            ("batch_size", .integer(batchSize)), ("patch_size", integers(patch)),
            (
                "median_image_size_in_voxels",
                .list((dataSet?.medianShapeAtSpacing ?? patch.map(Double.init)).map(PickleItem.real))
            ),
            ("spacing", .list(spacingInMillimetres.map(PickleItem.real))),
            ("normalization_schemes", .list([.text("CTNormalization")])),
            ("use_mask_for_norm", .list([.boolean(false)])), ("batch_dice", .boolean(usesBatchDice)),
            ("architecture", try architecture()),
        ]
        for (kind, order) in [("data", resamplingOrder), ("seg", 1), ("probabilities", 1)] {
            if keepsSpacing {
                values += [
                    ("resampling_fn_\(kind)", .text("no_resampling_hack")),
                    ("resampling_fn_\(kind)_kwargs", .dictionary([])),
                ]
                continue
            }
            values.append(("resampling_fn_\(kind)", .text("resample_data_or_seg_to_shape")))
            values.append(
                (
                    "resampling_fn_\(kind)_kwargs",
                    .dictionary([
                        ("is_seg", .boolean(kind == "seg")), ("order", .integer(order)), ("order_z", .integer(0)),
                        ("force_separate_z", .none),
                    ])
                ))
        }
        return .dictionary(values)
    }

    private func architecture() throws -> PickleItem {
        guard let choices = network.uNet else {
            throw PyTorchFileError(
                .unsupported, "nnU-Net has no SegResNet: export it with --format monai, or as safetensors")
        }
        let isResidual = network.architecture == .residualEncoderUNet
        let name = isResidual ? NNUNetArchitecture.residual : NNUNetArchitecture.plain
        let repeats = isResidual ? "n_blocks_per_stage" : "n_conv_per_stage"
        return .dictionary([
            ("network_class_name", .text("dynamic_network_architectures.architectures.unet.\(name)")),
            (
                "arch_kwargs",
                .dictionary([
                    ("n_stages", .integer(choices.stages)), ("features_per_stage", integers(choices.features)),
                    ("conv_op", .text("torch.nn.modules.conv.Conv3d")),
                    ("kernel_sizes", .list(choices.kernels.map(integers))),
                    ("strides", .list(choices.strides.map(integers))), (repeats, integers(choices.repeats)),
                    ("n_conv_per_stage_decoder", integers(choices.convolutionsPerStageDecoder)),
                    ("conv_bias", .boolean(true)),
                    ("norm_op", .text("torch.nn.modules.instancenorm.InstanceNorm3d")),
                    ("norm_op_kwargs", .dictionary([("eps", .real(1e-5)), ("affine", .boolean(true))])),
                    ("dropout_op", .none), ("dropout_op_kwargs", .none), ("nonlin", .text("torch.nn.LeakyReLU")),
                    ("nonlin_kwargs", .dictionary([("inplace", .boolean(true))])),
                ])
            ),
            ("_kw_requires_import", .list(["conv_op", "norm_op", "dropout_op", "nonlin"].map(PickleItem.text))),
        ])
    }

    private func integers(_ values: [Int]) -> PickleItem { .list(values.map(PickleItem.integer)) }
}

extension PickleItem {
    /// As JSONSerialization takes it; tensors have no place in JSON.
    var plain: Any {
        switch self {
        case .none, .tensors: NSNull()
        case .boolean(let value): value
        case .integer(let value): value
        case .real(let value): value
        case .text(let value): value
        case .list(let items), .tuple(let items): items.map(\.plain)
        case .dictionary(let items): Dictionary(items.map { ($0.0, $0.1.plain) }, uniquingKeysWith: { $1 })
        }
    }
}
