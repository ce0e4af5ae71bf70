import TensorCore

/// A 3×3×3 convolution with padding 1 and its gradients as their definitions say, in double precision, at a few places.
struct ConvolutionOracle {
    /// (1, C, D, H, W), (K, C, 3, 3, 3) and (1, K, D, H, W).
    let input: Tensor
    let weight: Tensor
    let gradient: Tensor

    private static let outputs = 400
    /// A weight's gradient is a sum over all voxels.
    private static let weights = 60

    func sample(_ kernel: KernelBenchmark.Kernel) -> [(index: Int, value: Double)] {
        var generator = SeededGenerator(seed: 2)
        let count = kernel == .byWeight ? weight.count : gradient.count
        return (0..<(kernel == .byWeight ? Self.weights : Self.outputs)).map { _ in
            let index = Int(generator.next() % UInt64(count))
            return switch kernel {
            case .forward: (index, outputValue(index))
            case .byInput: (index, inputGradient(index))
            case .byWeight: (index, weightGradient(index))
            }
        }
    }

    private var edges: (Int, Int, Int) { (input.shape[2], input.shape[3], input.shape[4]) }

    /// The value of a channel at a voxel, 0 outside.
    private func value(_ tensor: Tensor, _ channel: Int, _ z: Int, _ y: Int, _ x: Int) -> Double {
        let (depth, height, width) = edges
        guard (0..<depth).contains(z), (0..<height).contains(y), (0..<width).contains(x) else { return 0 }
        return Double(tensor[((channel * depth + z) * height + y) * width + x])
    }

    private func place(_ index: Int) -> (channel: Int, z: Int, y: Int, x: Int) {
        let (depth, height, width) = edges
        return (
            index / (depth * height * width), index / (height * width) % depth, index / width % height, index % width
        )
    }

    private func outputValue(_ index: Int) -> Double {
        let (output, z, y, x) = place(index)
        var sum = 0.0
        for channel in 0..<weight.shape[1] {
            for tap in 0..<27 {
                sum +=
                    Double(weight[(output * weight.shape[1] + channel) * 27 + tap])
                    * value(input, channel, z + tap / 9 - 1, y + tap / 3 % 3 - 1, x + tap % 3 - 1)
            }
        }
        return sum
    }

    private func inputGradient(_ index: Int) -> Double {
        let (channel, z, y, x) = place(index)
        var sum = 0.0
        for output in 0..<weight.shape[0] {
            for tap in 0..<27 {
                sum +=
                    Double(weight[(output * weight.shape[1] + channel) * 27 + tap])
                    * value(gradient, output, z - tap / 9 + 1, y - tap / 3 % 3 + 1, x - tap % 3 + 1)
            }
        }
        return sum
    }

    private func weightGradient(_ index: Int) -> Double {
        let (tap, channel, output) = (index % 27, index / 27 % weight.shape[1], index / 27 / weight.shape[1])
        let (depth, height, width) = edges
        var sum = 0.0
        for z in 0..<depth {
            for y in 0..<height {
                for x in 0..<width {
                    sum +=
                        value(gradient, output, z, y, x)
                        * value(input, channel, z + tap / 9 - 1, y + tap / 3 % 3 - 1, x + tap % 3 - 1)
                }
            }
        }
        return sum
    }
}
