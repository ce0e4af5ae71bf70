import Statistics
import TensorCore

/// A convolution and its gradients as their definitions say, in double precision, at a few places.
struct ConvolutionOracle {
    let geometry: ConvolutionGeometry
    /// (1, C, D, H, W), (K, C, kd, kh, kw) and (1, K, D', H', W').
    let input: Tensor
    let weight: Tensor
    let gradient: Tensor

    private static let outputs = 400
    /// A weight's gradient is a sum over all voxels.
    private static let weights = 60

    func sample(_ kernel: KernelBenchmark.Kernel) -> [(index: Int, value: Double)] {
        var generator = SplitMix64(seed: 2)
        let count =
            switch kernel {
            case .forward: gradient.count
            case .byInput: input.count
            case .byWeight: weight.count
            }
        return (0..<(kernel == .byWeight ? Self.weights : Self.outputs)).map { _ in
            let index = Int(generator.next() % UInt64(count))
            return switch kernel {
            case .forward: (index, outputValue(index))
            case .byInput: (index, inputGradient(index))
            case .byWeight: (index, weightGradient(index))
            }
        }
    }

    private struct Place {
        let depth: Int, height: Int, width: Int

        init(_ depth: Int, _ height: Int, _ width: Int) {
            (self.depth, self.height, self.width) = (depth, height, width)
        }

        /// Of a flat index, within its channel.
        init(_ index: Int, of extent: Extent) {
            self.init(
                index / (extent.height * extent.width) % extent.depth, index / extent.width % extent.height,
                index % extent.width)
        }
    }

    /// The value of a channel at a voxel, 0 outside.
    private func value(_ tensor: Tensor, _ channel: Int, _ place: Place) -> Double {
        let extent = tensor.extent
        guard (0..<extent.depth).contains(place.depth), (0..<extent.height).contains(place.height),
            (0..<extent.width).contains(place.width)
        else { return 0 }
        return Double(
            tensor[((channel * extent.depth + place.depth) * extent.height + place.height) * extent.width + place.width]
        )
    }

    private var taps: Extent {
        Extent(depth: geometry.kernel.depth, height: geometry.kernel.height, width: geometry.kernel.width)
    }

    /// The input voxel that an output reads by a tap.
    private func source(_ output: Place, _ tap: Int) -> Place {
        let (tap, stride, padding) = (Place(tap, of: taps), geometry.stride, geometry.padding)
        return Place(
            output.depth * stride.depth + tap.depth - padding.depth,
            output.height * stride.height + tap.height - padding.height,
            output.width * stride.width + tap.width - padding.width)
    }

    private func outputValue(_ index: Int) -> Double {
        let (output, place) = (index / gradient.extent.count, Place(index, of: gradient.extent))
        var sum = 0.0
        for channel in 0..<weight.shape[1] {
            for tap in 0..<taps.count {
                sum +=
                    Double(weight[(output * weight.shape[1] + channel) * taps.count + tap])
                    * value(input, channel, source(place, tap))
            }
        }
        return sum
    }

    private func inputGradient(_ index: Int) -> Double {
        let (channel, place) = (index / input.extent.count, Place(index, of: input.extent))
        let (stride, padding) = (geometry.stride, geometry.padding)
        var sum = 0.0
        for tap in 0..<taps.count {
            let shift = Place(tap, of: taps)
            let (z, y, x) = (
                place.depth + padding.depth - shift.depth, place.height + padding.height - shift.height,
                place.width + padding.width - shift.width
            )
            guard z % stride.depth == 0, y % stride.height == 0, x % stride.width == 0 else { continue }
            let from = Place(z / stride.depth, y / stride.height, x / stride.width)
            for output in 0..<weight.shape[0] {
                sum +=
                    Double(weight[(output * weight.shape[1] + channel) * taps.count + tap])
                    * value(gradient, output, from)
            }
        }
        return sum
    }

    private func weightGradient(_ index: Int) -> Double {
        let tap = index % taps.count
        let (channel, output) = (index / taps.count % weight.shape[1], index / taps.count / weight.shape[1])
        return (0..<gradient.extent.count).reduce(0.0) { sum, voxel in
            let place = Place(voxel, of: gradient.extent)
            return sum + value(gradient, output, place) * value(input, channel, source(place, tap))
        }
    }
}
