// Group normalisation, each followed by ReLU in the same pass or not:
//   x̂ = (x − μ) / √(σ² + ε),  y = w·x̂ + b,  μ and the biased σ² per sample and group, in Double, ε = 1e-5.
// N, C, D, H, W as in README.md; G groups of C / G channels.

/// What the normalisation of one input found out about it; kept for the backward pass.
package struct GroupNormStatistics: Sendable {
    /// Per sample and group, N × G.
    package let means: [Double]
    /// 1 / √(σ² + ε), N × G.
    package let inverseDeviations: [Double]
    package let groups: Int

    package static let epsilon = 1e-5

    /// Of an input `(N, C, D, H, W)`; `groups` divides C.
    package init(_ input: Tensor, groups: Int, pool: ComputePool) {
        let (channels, voxels) = (input.channels, input.extent.count)
        var moments = [(sum: Double, squares: Double)](repeating: (0, 0), count: input.batch * channels)
        moments.withUnsafeMutableBufferPointer { buffer in
            let moments = DisjointOutput(buffer.baseAddress!)
            pool.forEach(count: buffer.count) { plane in
                input.read { moments.base[plane] = momentsInDouble($0 + plane * voxels, count: voxels) }
            }
        }
        let size = channels / groups
        let perGroup = (0..<input.batch * groups).map { group -> (mean: Double, inverse: Double) in
            let members = moments[group * size..<(group + 1) * size]
            let count = Double(size * voxels)
            let mean = members.reduce(0) { $0 + $1.sum } / count
            let variance = max(0, members.reduce(0) { $0 + $1.squares } / count - mean * mean)
            return (mean, 1 / (variance + Self.epsilon).squareRoot())
        }
        means = perGroup.map(\.mean)
        inverseDeviations = perGroup.map(\.inverse)
        self.groups = groups
    }

    /// The normalisation of one channel of one sample as `y = scale·x + shift`. Forward and backward must use the same two floats,
    /// or they disagree about which values ReLU passes.
    func line(sample: Int, channel: Int, channels: Int, weight: Tensor, bias: Tensor) -> (scale: Float, shift: Float) {
        let group = sample * groups + channel / (channels / groups)
        let scale = Double(weight[channel]) * inverseDeviations[group]
        return (Float(scale), Float(Double(bias[channel]) - means[group] * scale))
    }
}

package enum Activation: Sendable {
    case none
    case relu
}

/// Output `(N, C, D, H, W)` for an input of the same shape, weight and bias `(C)`.
package func groupNormForward(
    _ input: Tensor, weight: Tensor, bias: Tensor, statistics: GroupNormStatistics, activation: Activation, pool: ComputePool
) -> Tensor {
    let (channels, voxels) = (input.channels, input.extent.count)
    var output = Tensor(uninitialized: input.shape)
    output.writeDisjointly { output in
        pool.forEach(count: input.batch * channels) { plane in
            let line = statistics.line(
                sample: plane / channels, channel: plane % channels, channels: channels, weight: weight, bias: bias)
            input.read { input in
                let (x, y) = (input + plane * voxels, output.base + plane * voxels)
                switch activation {
                case .none: for i in 0..<voxels { y[i] = line.shift.addingProduct(line.scale, x[i]) }
                case .relu: for i in 0..<voxels { y[i] = rectified(line.shift.addingProduct(line.scale, x[i])) }
                }
            }
        }
    }
    return output
}

/// max(0, x) that keeps NaN: a diverged training must not look like a quiet one.
@inline(__always)
private func rectified(_ x: Float) -> Float { x < 0 ? 0 : x }
