import Faults
import Statistics
import TensorCore

/// The choices that fix a network's parameter table, for any architecture.
package struct NetworkConfiguration: Sendable {
    var description: any NetworkDescription

    init(_ description: any NetworkDescription) { self.description = description }

    /// The network that benchmarks run when nobody names another: MONAI Label's SegResNet, or what nnU-Net plans for CT
    /// of 1.5 mm; one input channel, 26 classes.
    package static func standard(_ architecture: Architecture) -> NetworkConfiguration {
        NetworkConfiguration(architecture.description.standard)
    }

    /// The patch that goes with `standard`, in voxels.
    package static func standardPatch(_ architecture: Architecture) -> [Int] {
        [Int](repeating: architecture.description.standardEdge, count: 3)
    }

    package var architecture: Architecture { Architecture(type(of: description)) }

    package var inputChannels: Int { description.inputChannels }

    /// Channels of the logits: the classes, background included.
    package var outputChannels: Int { description.outputChannels }

    /// Channels of the feature maps per level, the full resolution first.
    package var features: [Int] { description.features }

    /// What the depth, height and width of an input must be multiples of.
    package var spatialDivisors: [Int] { description.spatialDivisors }

    /// Every parameter's name and shape in the order of PyTorch's `named_parameters()`.
    package var parameterTable: [(name: String, shape: [Int])] { description.parameterTable }

    /// Why it can be run but not be trained here; nil: it can.
    package var trainingObstacle: String? { description.trainingObstacle }

    /// The seed by which a part of a batch, after so many of its samples, drops what it drops as part of the whole.
    package func dropoutSeed(_ seed: UInt64, afterSamples count: Int) -> UInt64 {
        // Dropout draws one number for each sample and channel, in that order.
        seed &+ UInt64(count * features[0]) &* SplitMix64.step
    }

    /// Throws `invalidConfiguration` naming the value and what was expected.
    package func validate() throws {
        try description.validate()
        let count = parameterTable.reduce(0) { $0 + $1.shape.reduce(1, *) }
        guard count <= Self.mostParameters else {
            throw TensorError(
                .invalidConfiguration,
                "the network would have \(count) parameters, at most \(Self.mostParameters) can be taken; lessen its channels"
            )
        }
    }

    /// Ten times the largest of nnU-Net's: 4 GB of weights. A slip in a configuration must not ask for more memory than
    /// any machine has.
    private static let mostParameters = 1_000_000_000
}

extension NetworkConfiguration: Equatable {
    package static func == (one: Self, other: Self) -> Bool { one.description.equals(other.description) }
}
