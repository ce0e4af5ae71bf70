import Faults
package import Networks
import TensorCore

extension SegResNet {
    /// What a file of weights does not tell of its network; nil: as the file says, else as MONAI has it.
    package struct Choices: Sendable, Equatable {
        package var norm: Norm?
        package var activation: Activation?

        package init(norm: Norm? = nil, activation: Activation? = nil) {
            self.norm = norm
            self.activation = activation
        }
    }

    /// Whether the names are those of MONAI's SegResNet.
    package static func isRecognised(in state: StateDictionary) -> Bool { state.shape(anchor) != nil }

    /// The network whose parameters a state dict of MONAI holds: filters, channels and blocks follow from names and
    /// shapes; norms and activation in part.
    /// - Returns: also sentences on what was assumed.
    /// - Throws: `missingTensor`, `shapeMismatch` or `malformedTensor` naming the tensor and both shapes,
    ///   `unsupported`; `undecided` where norms must be named, since nothing can be assumed.
    package static func network(
        in state: StateDictionary, _ choices: Choices = Choices()
    ) throws -> (configuration: Configuration, parameters: Parameters, assumptions: [String]) {
        let state = try withoutCounters(state)
        var configuration = try shapes(of: state)
        var assumptions: [String] = []
        try decideNorm(&configuration, state, choices.norm, &assumptions)
        try decideActivation(&configuration, state, choices.activation, &assumptions)
        do {
            try configuration.validate()
        } catch {
            throw PyTorchFileError(
                .unsupported, "the weights are those of a SegResNet that Columna does not compute: \(error)")
        }
        return (configuration, try parameters(of: state, configuration), assumptions)
    }

    /// The parameters of a network that is known.
    package static func parameters(of state: StateDictionary, _ configuration: Configuration) throws -> Parameters {
        if let name = state.names.first(where: {
            $0.hasPrefix("up_samples.") && ($0.contains(".deconv.") || $0.contains(".conv_block."))
        }) {
            throw PyTorchFileError(
                .unsupported,
                "the SegResNet enlarges by an upsample_mode that is learnt (\(name.prefix(60))), Columna's by nontrainable"
            )
        }
        return try withoutCounters(state).parameters(matching: configuration.parameterTable, of: "SegResNet")
    }

    /// Batch norms count their batches, and the head's activation is there under two names.
    private static func withoutCounters(_ state: StateDictionary) throws -> StateDictionary {
        var state = state
        state.leaveOut { $0.hasSuffix(".num_batches_tracked") }
        try state.rename { $0 == "conv_final.1.weight" ? headActivation + ".weight" : $0 }
        return state
    }

    private static func shapes(of state: StateDictionary) throws -> Configuration {
        let first = try convolution(anchor, of: state)
        let last = try convolution("conv_final.2.conv.weight", of: state)
        let names = Set(state.names)
        /// Counts 0, 1, 2 … as long as there is such a name.
        func count(_ name: (Int) -> String) -> Int { (0...).first { !names.contains(name($0)) } ?? 0 }
        func blocksDown(_ level: Int) -> Int { count { "down_layers.\(level).\($0 + 1).conv1.conv.weight" } }
        func blocksUp(_ step: Int) -> Int { count { "up_layers.\(step).\($0).conv1.conv.weight" } }

        // Every level but the first begins with a convolution, even if it has no blocks.
        let levels = 1 + count { "down_layers.\($0 + 1).0.conv.weight" }
        return Configuration(
            inputChannels: first[1], outputChannels: last[0], initialFilters: first[0],
            blocksDown: (0..<levels).map(blocksDown),
            blocksUp: (0..<levels - 1).map(blocksUp))
    }

    private static func decideNorm(
        _ configuration: inout Configuration, _ state: StateDictionary, _ chosen: Norm?, _ assumptions: inout [String]
    ) throws {
        configuration.normsHaveWeights = state.shape("conv_final.0.weight") != nil
        guard state.shape("conv_final.0.running_mean") == nil else {
            guard chosen == nil || chosen == .batch else {
                throw PyTorchFileError(
                    .unsupported,
                    "the file's norms have running statistics, so they are batch norms: leave the other norm out")
            }
            configuration.norm = .batch
            return
        }
        if let chosen {
            guard chosen != .batch else {
                throw PyTorchFileError(
                    .unsupported,
                    "the file's norms have no running statistics, so they are no batch norms: name group or instance norm"
                )
            }
            configuration.norm = chosen
            return
        }
        let ask = "name them with --norm, such as instance or group:8, or in a plan with the network"
        guard configuration.normsHaveWeights else {
            throw PyTorchFileError(
                .undecided,
                "the SegResNet's norms have no weights (MONAI's instance norm has none unless asked for), and nothing says which norms they are: \(ask)"
            )
        }
        guard configuration.initialFilters % Norm.usualGroups == 0 else {
            throw PyTorchFileError(
                .undecided,
                "the SegResNet's norms cannot be MONAI's usual group norms of \(Norm.usualGroups) groups, its first level has \(configuration.initialFilters) channels: \(ask)"
            )
        }
        configuration.norm = .usual
        assumptions.append(
            "Its norms were taken for group norms of \(Norm.usualGroups) groups, as MONAI has them: weights do not tell. With others all results are wrong; if it was "
                + "made with others, import it again with --norm, such as group:4 or instance.")
    }

    private static func decideActivation(
        _ configuration: inout Configuration, _ state: StateDictionary, _ chosen: Activation?,
        _ assumptions: inout [String]
    ) throws {
        guard state.shape(headActivation + ".weight") == nil else {
            guard chosen == nil || chosen == .parametricReLU else {
                throw PyTorchFileError(
                    .unsupported,
                    "the file's activations have slopes that were learnt, so they are prelu: leave the other activation out"
                )
            }
            configuration.activation = .parametricReLU
            return
        }
        guard chosen != .parametricReLU else {
            throw PyTorchFileError(
                .unsupported, "the file has no slopes of activations, so they are no prelu: name relu or leakyrelu")
        }
        configuration.activation = chosen ?? .relu
        if chosen == nil {
            assumptions.append(
                "Its activations were taken for relu, as MONAI has them: weights do not tell. If it was made with others, import it again with --activation, "
                    + "such as leakyrelu:0.01.")
        }
    }

    private static func convolution(_ name: String, of state: StateDictionary) throws -> [Int] {
        guard let shape = state.shape(name) else {
            throw PyTorchFileError(
                .missingTensor, "the file has no tensor \(name): its weights are not those of a SegResNet")
        }
        guard shape.count == 5 else {
            throw PyTorchFileError(
                .shapeMismatch,
                "the tensor \(name) has the shape \(shape), a SegResNet of three dimensions has five extents there")
        }
        return shape
    }
}
