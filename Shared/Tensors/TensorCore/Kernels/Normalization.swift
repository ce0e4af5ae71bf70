import Threads

// Group and instance normalisation, each followed by an activation:
//   x̂ = (x − μ) / √(σ² + ε),  y = w·x̂ + b,  μ and the biased σ² per sample and group, in Double, ε = 1e-5.

/// What a normalisation found out about its input. Instance normalisation has one group per channel.
package struct Normalization: Sendable {
    package static let epsilon = 1e-5

    private let channels: Int
    private let groups: Int
    /// Values of a group.
    private let count: Double
    /// Per sample and group, N × G.
    private let means: [Double]
    /// 1 / √(σ² + ε), N × G.
    private let inverseDeviations: [Double]

    /// Of a map with these sums Σ x and Σ x²; `groups` divides the channels.
    package init(_ map: FeatureMap, sums: ChannelSums, groups: Int) {
        let (channels, size) = (map.channels, map.channels / groups)
        let count = Double(size * map.extent.count)
        let moments = (0..<map.batch * groups).map { group -> (mean: Double, inverse: Double) in
            let members = group * size..<(group + 1) * size
            let mean = sums.first[members].reduce(0, +) / count
            let variance = max(0, sums.second[members].reduce(0, +) / count - mean * mean)
            return (mean, 1 / (variance + Self.epsilon).squareRoot())
        }
        self.channels = channels
        self.groups = groups
        self.count = count
        means = moments.map(\.mean)
        inverseDeviations = moments.map(\.inverse)
    }

    /// By moments of each channel that were gathered before, the same for all samples: batch norm outside of training.
    /// Gives no gradients.
    package init(_ map: FeatureMap, means: Tensor, variances: Tensor) {
        channels = map.channels
        groups = map.channels
        count = Double(map.extent.count)
        self.means = (0..<map.batch).flatMap { _ in means.values.map(Double.init) }
        inverseDeviations = (0..<map.batch).flatMap { _ in
            variances.values.map { 1 / (max(0, Double($0)) + Self.epsilon).squareRoot() }
        }
    }

    /// The map as a layer will read it: normalised, and activated with `slope` (0: ReLU, 1: nothing).
    package func feature(_ map: FeatureMap, weight: Tensor, bias: Tensor, slope: Float) -> Feature {
        let lines = (0..<map.batch * channels).map { index -> (scale: Float, shift: Float) in
            let (group, channel) = (index / (channels / groups), index % channels)
            let scale = Double(weight[channel]) * inverseDeviations[group]
            return (Float(scale), Float(Double(bias[channel]) - means[group] * scale))
        }
        return Feature(
            map,
            lines: ActivatedLines(
                scales: vectors(lines.map(\.scale)), shifts: vectors(lines.map(\.shift)), slope: slope))
    }

    /// The gradients by weight and bias `(C)`, from Σ g and Σ g·x of the gradient by y.
    package func parameterGradients(_ sums: ChannelSums) -> (weight: Tensor, bias: Tensor) {
        func overSamples(_ values: [Double]) -> Tensor {
            Tensor(
                (0..<channels).map { channel in
                    Float(stride(from: channel, to: values.count, by: channels).reduce(0) { $0 + values[$1] })
                },
                shape: [channels])
        }
        return (overSamples(normalizedProducts(sums)), overSamples(sums.first))
    }

    /// Turns `gradient`, by y, into the gradient by x, in place, plus `other`: what reaches x past the normalisation.
    ///
    /// ∂x = r·(w·g − mean(w·g) − x̂·mean(w·g·x̂)), r = 1/√(σ²+ε), which is `A·g + B·x + C` with three numbers per
    /// channel.
    package func inputGradient(
        _ gradient: FeatureMap, of map: FeatureMap, weight: Tensor, sums: ChannelSums, adding other: FeatureMap?,
        in workspace: Workspace
    ) {
        let factors = factors(weight, sums)
        let (a, b, c) = (
            vectors(factors.map(\.gradient)), vectors(factors.map(\.input)), vectors(factors.map(\.constant))
        )
        let target = gradient.memory
        forEachChunk(map, in: workspace) { plane, range in
            let (a, b, c) = (a[plane], b[plane], c[plane])
            map.tensor.read { x in
                for place in stride(from: range.lowerBound, to: range.upperBound, by: FeatureMap.lanes) {
                    let g = Vector(at: target.base + place)
                    c.adding(Vector(at: x + place), times: b).adding(g, times: a).store(at: target.base + place)
                }
            }
            other?.tensor.read { other in
                for place in stride(from: range.lowerBound, to: range.upperBound, by: FeatureMap.lanes) {
                    (Vector(at: target.base + place) + Vector(at: other + place)).store(at: target.base + place)
                }
            }
        }
    }

    /// Σ g·x̂ per sample and channel.
    private func normalizedProducts(_ sums: ChannelSums) -> [Double] {
        sums.second.indices.map { index in
            let group = index / (channels / groups)
            return (sums.second[index] - means[group] * sums.first[index]) * inverseDeviations[group]
        }
    }

    private func factors(_ weight: Tensor, _ sums: ChannelSums) -> [(gradient: Float, input: Float, constant: Float)] {
        let (products, size) = (normalizedProducts(sums), channels / groups)
        return products.indices.map { index in
            let group = index / size
            var (meanGradient, meanProduct) = (0.0, 0.0)
            for member in group * size..<(group + 1) * size {
                meanGradient += Double(weight[member % channels]) * sums.first[member]
                meanProduct += Double(weight[member % channels]) * products[member]
            }
            let (mean, r) = (means[group], inverseDeviations[group])
            let byInput = -r * r * meanProduct / count
            return (
                Float(r * Double(weight[index % channels])), Float(byInput),
                Float(-r * meanGradient / count - mean * byInput)
            )
        }
    }

    /// One vector per sample and block, from one value per sample and channel.
    private func vectors(_ values: [Float]) -> [Vector] {
        stride(from: 0, to: values.count, by: channels).flatMap { first in
            FeatureMap.vectors(Tensor(Array(values[first..<first + channels]), shape: [channels]))
        }
    }
}
