import Console
import Faults
import Foundation
import Learning
import Networks
import Statistics
import TensorCore
import Threads

/// A network at work again and again on the same input.
struct NetworkBenchmark {
    enum Work: String {
        case inference
        case trainingStep = "training-step"
    }

    let work: Work
    private(set) var network: Network
    let input: Tensor
    let pool: ComputePool
    private let execution: Execution
    /// Classes of the voxels; the optimizer begins anew with every benchmark.
    private let labels: [UInt8]
    private var optimizer: AdamW?

    init(_ work: Work, _ options: NetworkBenchmarkOptions) throws {
        self.work = work
        network = try NetworkFiles(
            architecture: options.architecture, configuration: options.config, weights: options.weights
        ).readNetwork()
        let configuration = network.configuration
        let given = try options.input.map { path in
            try NamedFile("--input", path).read { data in
                let file = try Safetensors(data: data)
                let input = try NetworkFiles.readInput(file, for: configuration)
                return (
                    input: input, labels: work == .trainingStep ? try Self.labels(file, input.shape, configuration) : []
                )
            }
        }
        if let given, let patch = options.patch, Array(given.input.shape[2...]) != patch.edges {
            throw CommandFailure(.usage, "--patch says \(patch.edges), but the input has \(given.input.shape[2...])")
        }
        let edges = options.patch?.edges ?? NetworkConfiguration.standardPatch(configuration.architecture)
        let shape = given?.input.shape ?? [1, configuration.inputChannels] + edges
        try configuration.requireInput(shape: shape)
        pool = ComputePool(threads: options.threads)
        let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        execution =
            work == .inference
            ? .inference(pool: pool, arithmetic: options.arithmetic, memoryLimitInBytes: limit)
            : Execution(pool: pool, arithmetic: options.arithmetic, memoryLimitInBytes: limit)
        // Before an input of that size is made.
        try execution.workspace.reserve(Self.memory(work, network, shape, execution))
        input = given?.input ?? Self.noise(shape)
        labels =
            given?.labels ?? (work == .trainingStep ? Self.blocks(edges, classes: configuration.outputChannels) : [])
        optimizer = work == .trainingStep ? AdamW(parameters: network.parameters, weightDecay: 1e-5) : nil
    }

    /// One forward pass, or one training step: DiceCE, without dropout so that losses compare, AdamW with rate 1e-4.
    /// The loss of the latter.
    mutating func run() throws -> Double? {
        guard var optimizer else {
            _ = try network.logits(input, by: execution)
            return nil
        }
        // Moments must have one owner, or the step would copy them.
        self.optimizer = nil
        defer { self.optimizer = optimizer }
        let (loss, gradients) = try network.trainingStep(input, dropoutSeed: nil, by: execution) { logits in
            DiceCrossEntropy()(&logits, labels: labels, pool: pool).value
        }
        optimizer.update(&network.parameters, gradients: gradients, learningRate: 1e-4, pool: pool)
        return loss
    }

    /// The peak of a run, known before it starts; the optimizer's moments come on top.
    var memory: MemoryPlan { Self.memory(work, network, input.shape, execution) }

    private static func memory(_ work: Work, _ network: Network, _ shape: [Int], _ execution: Execution) -> MemoryPlan {
        work == .inference
            ? network.plan(inference: shape, by: execution) : network.plan(training: shape, by: execution)
    }

    var isExact: Bool { execution.arithmetic == .exact }

    /// Of one run, convolutions computed directly; the two gradients cost a forward pass each.
    var multiplications: Int {
        network.plan(inference: input.shape, by: execution).multiplications * (work == .trainingStep ? 3 : 1)
    }

    private static func labels(_ file: Safetensors, _ shape: [Int], _ configuration: NetworkConfiguration) throws
        -> [UInt8]
    {
        let expected = [shape[0], 1] + shape[2...]
        guard try file.shape("label") == expected else {
            throw TensorError(
                .shapeMismatch, "the tensor label must have the shape \(expected), got \(try file.shape("label"))")
        }
        let labels = try file.bytes("label")
        if let highest = labels.max(), Int(highest) >= configuration.outputChannels {
            throw TensorError(
                .typeMismatch,
                "the tensor label holds class \(highest), the network has \(configuration.outputChannels) classes")
        }
        return labels
    }

    /// Uniform with variance 1, the same every time.
    private static func noise(_ shape: [Int]) -> Tensor {
        var generator = SplitMix64(seed: 1)
        return Tensor((0..<shape.reduce(1, *)).map { _ in (generator.nextUnitFloat() - 0.5) * 3.4641 }, shape: shape)
    }

    /// Slabs of the classes, one after another: some of each.
    private static func blocks(_ edges: [Int], classes: Int) -> [UInt8] {
        let area = edges[1] * edges[2]
        return (0..<edges[0] * area).map { UInt8($0 / area * classes / edges[0]) }
    }
}
