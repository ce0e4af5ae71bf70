import Faults

/// The network's description in nnU-Net's plans, whichever of its two forms they have.
struct NNUNetArchitecture {
    let isResidual: Bool
    let features: [Int]
    let kernels: [[Int]]
    let strides: [[Int]]
    /// Convolutions, or residual blocks, per stage of the encoder.
    let repeats: [Int]
    let decoder: [Int]

    static let plain = "PlainConvUNet"
    static let residual = "ResidualEncoderUNet"

    init(_ values: [String: Any], configuration: String) throws {
        func list<Element>(_ key: String, in values: [String: Any], of type: Element.Type, count: Int? = nil) throws
            -> [Element]
        {
            if let count, let one = values[key] as? Element { return [Element](repeating: one, count: max(count, 0)) }
            guard let list = values[key] as? [Element] else {
                throw PyTorchFileError(
                    .malformedSettings,
                    "plans.json: the network of the configuration \(configuration) needs a list \(key)")
            }
            return list
        }
        if let architecture = values["architecture"] as? [String: Any] {
            let arguments = architecture["arch_kwargs"] as? [String: Any] ?? [:]
            isResidual = try Self.isResidual(architecture["network_class_name"])
            features = try list("features_per_stage", in: arguments, of: Int.self)
            kernels = try list("kernel_sizes", in: arguments, of: [Int].self)
            strides = try list("strides", in: arguments, of: [Int].self)
            repeats = try list(
                isResidual ? "n_blocks_per_stage" : "n_conv_per_stage", in: arguments, of: Int.self,
                count: features.count)
            decoder = try list("n_conv_per_stage_decoder", in: arguments, of: Int.self, count: features.count - 1)
            try Self.checkLayers(arguments)
        } else {
            isResidual = try Self.isResidual(values["UNet_class_name"])
            repeats = try list("n_conv_per_stage_encoder", in: values, of: Int.self)
            guard let base = values["UNet_base_num_features"] as? Int,
                let largest = values["unet_max_num_features"] as? Int, base > 0, largest > 0
            else {
                throw PyTorchFileError(
                    .malformedSettings, "plans.json: the configuration \(configuration) describes no network")
            }
            features = repeats.indices.map { min(base << min($0, 16), largest) }
            kernels = try list("conv_kernel_sizes", in: values, of: [Int].self)
            strides = try list("pool_op_kernel_sizes", in: values, of: [Int].self)
            decoder = try list("n_conv_per_stage_decoder", in: values, of: Int.self)
        }
    }

    private static func isResidual(_ name: Any?) throws -> Bool {
        let name = (name as? String)?.split(separator: ".").last.map(String.init) ?? ""
        guard [plain, residual].contains(name) else {
            throw PyTorchFileError(
                .unsupported, "the network is a \(name.prefix(60).debugDescription), expected \(plain) or \(residual)")
        }
        return name == residual
    }

    /// What Columna's networks have built in: convolutions with bias, instance norm with weight and bias, leaky ReLU of
    /// slope 0.01.
    private static func checkLayers(_ arguments: [String: Any]) throws {
        func expect(_ holds: Bool, _ key: String, _ expected: String) throws {
            guard !holds else { return }
            throw PyTorchFileError(
                .unsupported,
                "plans.json: \(key) is \("\(arguments[key] ?? "missing")".prefix(80)), Columna's network has \(expected)"
            )
        }
        func last(_ key: String) -> String {
            (arguments[key] as? String)?.split(separator: ".").last.map(String.init) ?? ""
        }
        let (norm, activation) = (
            arguments["norm_op_kwargs"] as? [String: Any], arguments["nonlin_kwargs"] as? [String: Any]
        )
        try expect(last("conv_op") == "Conv3d", "conv_op", "torch.nn.modules.conv.Conv3d")
        try expect(arguments["conv_bias"] as? Bool == true, "conv_bias", "true")
        try expect(last("norm_op") == "InstanceNorm3d", "norm_op", "torch.nn.modules.instancenorm.InstanceNorm3d")
        try expect(
            norm?["affine"] as? Bool == true && (norm?["eps"] as? Double ?? 1e-5) == 1e-5, "norm_op_kwargs",
            "affine true, eps 1e-05")
        try expect(arguments["dropout_op"] is String == false, "dropout_op", "none")
        try expect(last("nonlin") == "LeakyReLU", "nonlin", "torch.nn.LeakyReLU")
        try expect((activation?["negative_slope"] as? Double ?? 0.01) == 0.01, "nonlin_kwargs", "negative_slope 0.01")
    }
}
