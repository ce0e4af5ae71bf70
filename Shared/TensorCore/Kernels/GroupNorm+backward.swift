/// The three gradients of a group normalisation.
package struct GroupNormGradients: Sendable {
    /// `(N, C, D, H, W)`.
    package let input: Tensor
    /// `(C)`.
    package let weight: Tensor
    /// `(C)`.
    package let bias: Tensor
}

/// Gradients from the gradient `(N, C, D, H, W)` by the output. `adding` is added to the input's gradient: what reaches the input by
/// another way, past the normalisation.
///
/// With g the gradient where ReLU passes, m values in a group: ∂x = r·(w·g − mean(w·g) − x̂·mean(w·g·x̂)), r = 1/√(σ²+ε), which is
/// `A·g + B·x + C` with three numbers per channel.
package func groupNormBackward(
    _ gradient: Tensor, input: Tensor, weight: Tensor, bias: Tensor, statistics: GroupNormStatistics, activation: Activation,
    adding other: Tensor? = nil, pool: ComputePool
) -> GroupNormGradients {
    let (channels, voxels) = (input.channels, input.extent.count)
    // Without ReLU everything passes: the line 0·x + 1 is positive.
    let lines = (0..<input.batch * channels).map { plane -> (scale: Float, shift: Float) in
        let line = statistics.line(sample: plane / channels, channel: plane % channels, channels: channels, weight: weight, bias: bias)
        return activation == .relu ? line : (0, 1)
    }
    var sums = [(gradient: Double, product: Double)](repeating: (0, 0), count: input.batch * channels)
    sums.withUnsafeMutableBufferPointer { buffer in
        let sums = DisjointOutput(buffer.baseAddress!)
        pool.forEach(count: buffer.count) { plane in
            gradient.read { gradient in
                input.read { input in
                    sums.base[plane] = gatedSums(gradient + plane * voxels, input + plane * voxels, lines[plane], count: voxels)
                }
            }
        }
    }

    let normalized = NormalizedSums(sums, statistics: statistics, channels: channels)
    var result = Tensor(uninitialized: input.shape)
    result.writeDisjointly { result in
        pool.forEach(count: input.batch * channels) { plane in
            let factors = normalized.factors(plane: plane, weight: weight, voxels: voxels)
            let offset = plane * voxels
            gradient.read { gradient in
                input.read { input in
                    combine(result.base + offset, gradient + offset, input + offset, lines[plane], factors, count: voxels)
                }
            }
            other?.read { other in
                for index in offset..<offset + voxels { result.base[index] += other[index] }
            }
        }
    }
    return GroupNormGradients(input: result, weight: normalized.weightGradient, bias: normalized.biasGradient)
}

/// Σ g and Σ g·x over the values that ReLU passes.
private func gatedSums(
    _ gradient: UnsafePointer<Float>, _ input: UnsafePointer<Float>, _ line: (scale: Float, shift: Float), count: Int
) -> (gradient: Double, product: Double) {
    let (scale, shift) = (Vector(repeating: line.scale), Vector(repeating: line.shift))
    var sums = DoubleVector()
    var products = DoubleVector()
    var index = 0
    while index + 8 <= count {
        let x = Vector(at: input + index)
        let passes = shift.adding(scale, times: x) .> 0
        let g = Vector().replacing(with: Vector(at: gradient + index), where: passes).widened
        sums += g
        products.addProduct(g, x.widened)
        index += 8
    }
    var (sum, product) = (sums.sum(), products.sum())
    for rest in index..<count where line.shift.addingProduct(line.scale, input[rest]) > 0 {
        sum += Double(gradient[rest])
        product += Double(gradient[rest]) * Double(input[rest])
    }
    return (sum, product)
}

/// result = A·g + B·x + C.
private func combine(
    _ result: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ input: UnsafePointer<Float>,
    _ line: (scale: Float, shift: Float), _ factors: (gradient: Float, input: Float, constant: Float), count: Int
) {
    for index in 0..<count {
        let x = input[index]
        let g = line.shift.addingProduct(line.scale, x) > 0 ? gradient[index] : 0
        result[index] = factors.constant.addingProduct(factors.input, x).addingProduct(factors.gradient, g)
    }
}

/// Per-channel sums turned into what the formulas need: Σ g and Σ g·x̂.
private struct NormalizedSums: Sendable {
    private let gradients: [Double]
    private let products: [Double]
    private let statistics: GroupNormStatistics
    private let channels: Int

    init(_ sums: [(gradient: Double, product: Double)], statistics: GroupNormStatistics, channels: Int) {
        self.statistics = statistics
        self.channels = channels
        let size = channels / statistics.groups
        gradients = sums.map(\.gradient)
        products = sums.enumerated().map { plane, sum in
            let group = plane / size
            return (sum.product - statistics.means[group] * sum.gradient) * statistics.inverseDeviations[group]
        }
    }

    func factors(plane: Int, weight: Tensor, voxels: Int) -> (gradient: Float, input: Float, constant: Float) {
        let size = channels / statistics.groups
        let group = plane / size
        var (meanGradient, meanProduct) = (0.0, 0.0)
        for member in group * size..<(group + 1) * size {
            meanGradient += Double(weight[member % channels]) * gradients[member]
            meanProduct += Double(weight[member % channels]) * products[member]
        }
        let count = Double(size * voxels)
        let (mean, r) = (statistics.means[group], statistics.inverseDeviations[group])
        let byInput = -r * r * meanProduct / count
        return (Float(r * Double(weight[plane % channels])), Float(byInput), Float(-r * meanGradient / count - mean * byInput))
    }

    var weightGradient: Tensor { overSamples(products) }
    var biasGradient: Tensor { overSamples(gradients) }

    private func overSamples(_ values: [Double]) -> Tensor {
        let sums = (0..<channels).map { channel in
            Float(stride(from: channel, to: values.count, by: channels).reduce(0) { $0 + values[$1] })
        }
        return Tensor(sums, shape: [channels])
    }
}
