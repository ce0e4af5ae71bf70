import Statistics
import TensorCore

/// Reproducible values for kernel tests.
enum Samples {
    /// Uniform in -1...1.
    static func uniform(_ shape: [Int], seed: UInt64) -> Tensor {
        var generator = SplitMix64(seed: seed)
        return Tensor((0..<shape.reduce(1, *)).map { _ in 2 * generator.nextUnitFloat() - 1 }, shape: shape)
    }

    /// Some channels of an NCDHW tensor.
    static func channels(_ range: Range<Int>, of tensor: Tensor) -> Tensor {
        let (voxels, values) = (tensor.extent.count, tensor.values)
        var chosen: [Float] = []
        for sample in 0..<tensor.batch {
            let first = sample * tensor.channels * voxels
            chosen += values[first + range.lowerBound * voxels..<first + range.upperBound * voxels]
        }
        return Tensor(chosen, shape: [tensor.batch, range.count] + tensor.shape[2...])
    }

    /// Σ a·b in Double.
    static func inner(_ a: Tensor, _ b: Tensor) -> Double {
        zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}

extension Samples {
    /// The slope of `value` at `point` along a random direction, by a central difference.
    static func slope(at point: Tensor, along seed: UInt64, _ value: (Tensor) -> Double) -> (
        direction: Tensor, slope: Double
    ) {
        let direction = uniform(point.shape, seed: seed)
        let step: Float = 1e-3
        func moved(_ sign: Float) -> Tensor {
            Tensor(zip(point.values, direction.values).map { $0 + sign * step * $1 }, shape: point.shape)
        }
        return (direction, (value(moved(1)) - value(moved(-1))) / Double(2 * step))
    }
}
