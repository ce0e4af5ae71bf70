import Foundation
import TensorCore
import Threads

/// The convolutions of SegResNet one by one: how fast each way of computing them is, and how far from the true sums.
struct KernelBenchmark {
    /// A 3×3×3 convolution of as many channels in as out, on a cube.
    struct Shape {
        let channels: Int
        let edge: Int

        /// Multiplications of each of the three kernels, computed directly.
        var multiplications: Int { 27 * channels * channels * edge * edge * edge }
    }

    enum Kernel: String, CaseIterable {
        case forward
        case byInput = "by input"
        case byWeight = "by weight"
    }

    struct Row {
        let shape: Shape
        let kernel: Kernel
        let arithmetic: Arithmetic
        let seconds: Double
        /// Largest difference to a sum in double precision, over the largest true value, on a sample.
        let error: Double
    }

    static let shapes = [
        Shape(channels: 32, edge: 96), Shape(channels: 64, edge: 48), Shape(channels: 128, edge: 24),
        Shape(channels: 256, edge: 12),
    ]

    let pool: ComputePool
    let repeats: Int

    func rows(_ shape: Shape) throws -> [Row] {
        var generator = SeededGenerator(seed: 1)
        func noise(_ sizes: [Int]) -> Tensor {
            Tensor((0..<sizes.reduce(1, *)).map { _ in generator.nextUnitFloat() - 0.5 }, shape: sizes)
        }
        let (channels, edge) = (shape.channels, shape.edge)
        let oracle = ConvolutionOracle(
            input: noise([1, channels, edge, edge, edge]), weight: noise([channels, channels, 3, 3, 3]),
            gradient: noise([1, channels, edge, edge, edge]))
        return try Kernel.allCases.flatMap { kernel in
            let truth = oracle.sample(kernel)
            return try Arithmetic.allCases.map { arithmetic in
                let (seconds, result) = try time(kernel, oracle, arithmetic)
                let largest = truth.map { abs($0.value) }.max() ?? 0
                let error = truth.map { abs(Double(result[$0.index]) - $0.value) }.max() ?? 0
                return Row(
                    shape: shape, kernel: kernel, arithmetic: arithmetic, seconds: seconds, error: error / largest)
            }
        }
    }

    /// The median of the runs after one that warms up, and the result.
    private func time(_ kernel: Kernel, _ data: ConvolutionOracle, _ arithmetic: Arithmetic) throws -> (Double, Tensor)
    {
        var convolution = Convolution3d(
            geometry: ConvolutionGeometry(kernel: Triple(3)), weight: data.weight, arithmetic: arithmetic)
        let workspace = Workspace(pool: pool)
        // Inference transforms its weights once; training in every pass, as here both gradients do.
        if kernel == .forward, convolution.takesWinograd(data.input.extent) {
            convolution = convolution.withPrepared(
                convolution.prepare(sources: [data.input.channels], in: Workspace(pool: pool)))
        }
        func run(
            _ input: FeatureMap, _ gradient: FeatureMap, in workspace: Workspace
        ) -> (map: FeatureMap?, weight: Tensor?) {
            switch kernel {
            case .forward: (convolution.forward([Feature(input)], gathersSums: false, in: workspace).map, nil)
            case .byInput:
                (
                    convolution.inputGradient(
                        gradient, inputs: 0..<input.channels, extent: input.extent, target: GradientTarget(),
                        in: workspace
                    ).map, nil
                )
            case .byWeight: (nil, convolution.weightGradient([Feature(input)], gradient: gradient, in: workspace))
            }
        }
        try workspace.reserve(
            workspace.plan { workspace in
                _ = run(FeatureMap(data.input, in: workspace), FeatureMap(data.gradient, in: workspace), in: workspace)
            })
        let (input, gradient) = (FeatureMap(data.input, in: workspace), FeatureMap(data.gradient, in: workspace))
        _ = run(input, gradient, in: workspace)
        var seconds: [Double] = []
        for _ in 0..<repeats {
            let clock = Stopwatch()
            _ = run(input, gradient, in: workspace)
            seconds.append(clock.seconds)
        }
        let result = run(input, gradient, in: workspace)
        return (
            seconds.sorted()[repeats / 2],
            result.weight ?? result.map?.planar(in: Workspace(pool: pool)) ?? Tensor(zeros: [0])
        )
    }
}
