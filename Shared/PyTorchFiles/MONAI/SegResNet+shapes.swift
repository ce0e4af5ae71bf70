package import Networks

extension SegResNet {
    /// MONAI's group norm has 8 groups unless told otherwise, and the weights do not say.
    private static let usualGroups = 8

    /// Whether the names are those of MONAI's SegResNet.
    package static func isRecognised(in state: StateDictionary) -> Bool { state.shape("convInit.conv.weight") != nil }

    /// The network whose parameters a state dict of MONAI holds: filters, channels and blocks follow from names and shapes.
    /// - Throws: `missingTensor`, `shapeMismatch` or `malformedTensor` naming the tensor and both shapes, `unsupported`.
    package static func network(in state: StateDictionary) throws -> (configuration: Configuration, parameters: Parameters) {
        let configuration = try configuration(of: state)
        do {
            try configuration.validate()
        } catch {
            throw PyTorchFileError(.unsupported, "the weights are those of a SegResNet that Columna does not compute: \(error)")
        }
        return (configuration, try state.parameters(matching: parameterTable(configuration), of: "SegResNet"))
    }

    private static func configuration(of state: StateDictionary) throws -> Configuration {
        let first = try convolution("convInit.conv.weight", of: state)
        let last = try convolution("conv_final.2.conv.weight", of: state)
        let names = Set(state.names)
        /// Counts 0, 1, 2 … as long as there is such a name.
        func count(_ name: (Int) -> String) -> Int { (0...).first { !names.contains(name($0)) } ?? 0 }
        func blocksDown(_ level: Int) -> Int { count { "down_layers.\(level).\($0 + 1).norm1.weight" } }
        func blocksUp(_ step: Int) -> Int { count { "up_layers.\(step).\($0).norm1.weight" } }

        // Every level but the first begins with a convolution, even if it has no blocks.
        let levels = 1 + count { "down_layers.\($0 + 1).0.conv.weight" }
        return Configuration(
            inputChannels: first[1], outputChannels: last[0], initialFilters: first[0], blocksDown: (0..<levels).map(blocksDown),
            blocksUp: (0..<levels - 1).map(blocksUp), normalizationGroups: usualGroups)
    }

    private static func convolution(_ name: String, of state: StateDictionary) throws -> [Int] {
        guard let shape = state.shape(name) else {
            throw PyTorchFileError(.missingTensor, "the file has no tensor \(name): its weights are not those of a SegResNet")
        }
        guard shape.count == 5 else {
            throw PyTorchFileError(.shapeMismatch, "the tensor \(name) has the shape \(shape), a SegResNet of three dimensions has five extents there")
        }
        return shape
    }
}
