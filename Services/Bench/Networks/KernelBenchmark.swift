import Console
import Foundation
import Statistics
import TensorCore
import Threads

/// The convolutions of SegResNet and nnU-Net one by one: how fast each way of computing them is, and how far from the
/// true sums.
struct KernelBenchmark {
    /// A convolution of a cube.
    struct Shape {
        let title: String
        let inputs: Int
        let outputs: Int
        let geometry: ConvolutionGeometry
        let edge: Int

        init(_ title: String, _ inputs: Int, _ outputs: Int, _ geometry: ConvolutionGeometry, _ edge: Int) {
            (self.title, self.inputs, self.outputs) = (title, inputs, outputs)
            (self.geometry, self.edge) = (geometry, edge)
        }

        var outputEdge: Int { geometry.outputExtent(Extent(depth: edge, height: edge, width: edge)).depth }

        /// Multiplications of each of the three kernels, computed directly.
        var multiplications: Int { geometry.kernel.product * inputs * outputs * outputEdge * outputEdge * outputEdge }
    }

    enum Kernel: String, CaseIterable {
        case forward
        case byInput = "by input"
        case byWeight = "by weight"
    }

    /// The algorithm, and who computes its products.
    struct Way {
        let arithmetic: Arithmetic
        let products: ProductKernel
    }

    struct Row {
        let shape: Shape
        let kernel: Kernel
        let way: Way
        let seconds: Double
        /// Largest difference to a sum in double precision, over the largest true value, on a sample.
        let error: Double
    }

    static let shapes: [Shape] = {
        let (cube, point) = (ConvolutionGeometry(kernel: Triple(3)), ConvolutionGeometry(kernel: Triple(1)))
        let (strided, blocks) = (
            ConvolutionGeometry(kernel: Triple(3), stride: Triple(2)), ConvolutionGeometry(blocks: Triple(2))
        )
        return [
            Shape("3³", 32, 32, cube, 96), Shape("3³", 64, 64, cube, 48), Shape("3³", 128, 128, cube, 24),
            Shape("3³", 256, 256, cube, 12), Shape("3³", 320, 320, cube, 4), Shape("3³", 1, 32, cube, 96),
            Shape("3³ by 2", 32, 64, strided, 96), Shape("3³ by 2", 128, 256, strided, 24),
            Shape("1³", 64, 32, point, 48), Shape("1³", 256, 128, point, 12), Shape("1³", 32, 26, point, 96),
            // Their gradients by the input are nnU-Net's transposed convolutions.
            Shape("2³ by 2", 32, 64, blocks, 96), Shape("2³ by 2", 256, 320, blocks, 16),
        ]
    }()

    let pool: ComputePool
    let repeats: Int

    func rows(_ shape: Shape) throws -> [Row] {
        var generator = SplitMix64(seed: 1)
        func noise(_ sizes: [Int]) -> Tensor {
            Tensor((0..<sizes.reduce(1, *)).map { _ in generator.nextUnitFloat() - 0.5 }, shape: sizes)
        }
        let (kernel, edge, outputEdge) = (shape.geometry.kernel, shape.edge, shape.outputEdge)
        let oracle = ConvolutionOracle(
            geometry: shape.geometry, input: noise([1, shape.inputs, edge, edge, edge]),
            weight: noise([shape.outputs, shape.inputs, kernel.depth, kernel.height, kernel.width]),
            gradient: noise([1, shape.outputs, outputEdge, outputEdge, outputEdge]))
        return try Kernel.allCases.flatMap { kernel in
            let truth = oracle.sample(kernel)
            let largest = truth.map { abs($0.value) }.max() ?? 0
            var runs = try ways(kernel, oracle).map { try Run(kernel, oracle, $0, pool) }
            // Side by side, so that a noisy neighbour meets all of them.
            for _ in 0..<repeats { for index in runs.indices { runs[index].measure() } }
            return runs.map { run in
                let result = run.result()
                let error = truth.map { abs(Double(result[$0.index]) - $0.value) }.max() ?? 0
                return Row(
                    shape: shape, kernel: kernel, way: run.way, seconds: run.seconds, error: error / largest)
            }
        }
    }

    private func ways(_ kernel: Kernel, _ data: ConvolutionOracle) -> [Way] {
        let fast = Convolution3d(geometry: data.geometry, weight: data.weight, arithmetic: .fast)
        let extent = kernel == .byWeight ? data.gradient.extent : data.input.extent
        return (fast.takesWinograd(extent) ? Arithmetic.allCases : [.exact]).flatMap { arithmetic in
            ProductKernel.built.map { Way(arithmetic: arithmetic, products: $0) }
        }
    }

    /// One way of computing one kernel, ready to be measured again and again.
    private struct Run {
        let way: Way
        private let kernel: Kernel
        private let convolution: Convolution3d
        private let workspace: Workspace
        private let input: FeatureMap
        private let gradient: FeatureMap
        /// Of the quickest run.
        private(set) var seconds = Double.infinity

        /// Warms up once.
        init(_ kernel: Kernel, _ data: ConvolutionOracle, _ way: Way, _ pool: ComputePool) throws {
            self.way = way
            self.kernel = kernel
            var convolution = Convolution3d(
                geometry: data.geometry, weight: data.weight, arithmetic: way.arithmetic, products: way.products)
            // Inference transforms its weights once; training in every pass, as here both gradients do.
            if kernel == .forward, convolution.takesWinograd(data.input.extent) {
                convolution = convolution.withPrepared(
                    convolution.prepare(sources: [data.input.channels], in: Workspace(pool: pool)))
            }
            self.convolution = convolution
            workspace = Workspace(pool: pool)
            try workspace.reserve(
                workspace.plan { workspace in
                    let (input, gradient) = (
                        FeatureMap(data.input, in: workspace), FeatureMap(data.gradient, in: workspace)
                    )
                    _ = Self.run(kernel, convolution, input, gradient, in: workspace)
                })
            (input, gradient) = (FeatureMap(data.input, in: workspace), FeatureMap(data.gradient, in: workspace))
            _ = Self.run(kernel, convolution, input, gradient, in: workspace)
        }

        private static func run(
            _ kernel: Kernel, _ convolution: Convolution3d, _ input: FeatureMap, _ gradient: FeatureMap,
            in workspace: Workspace
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

        mutating func measure() {
            let clock = Stopwatch()
            _ = Self.run(kernel, convolution, input, gradient, in: workspace)
            seconds = min(seconds, clock.seconds)
        }

        func result() -> Tensor {
            let result = Self.run(kernel, convolution, input, gradient, in: workspace)
            return result.weight ?? result.map?.planar(in: Workspace(pool: workspace.pool)) ?? Tensor(zeros: [0])
        }
    }
}
