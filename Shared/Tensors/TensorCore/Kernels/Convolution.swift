// 3-D convolutions and their gradients, on features and maps. Each is computed by Winograd's algorithm where it wins,
// or directly.

/// How convolutions are computed.
package enum Arithmetic: String, Sendable, Codable, CaseIterable {
    /// Winograd's F(4³, 3³) where it is faster: about an eighth of the multiplications, at a few more units in the last
    /// place.
    case fast
    /// Direct sums throughout, as OpenBLAS computes them.
    case exact
}

/// Whether a map is large enough for Winograd: below, transforming and reading the 8 times larger weights costs more
/// than it saves.
private func suitsWinograd(_ geometry: ConvolutionGeometry, _ extent: Extent, _ arithmetic: Arithmetic) -> Bool {
    arithmetic == .fast && geometry.suitsWinograd && WinogradTiles(extent).count >= 8
}

/// Tiles of a block: their transforms and products share a core's second cache (measured: 12 is best or within 5 % at
/// 32 to 256 channels). Few tiles are divided evenly over two blocks at least.
private func blockTiles(_ extent: Extent) -> Int {
    let count = WinogradTiles(extent).count
    return count < 48 ? max(6, (count / 2 + 5) / 6 * 6) : 12
}

/// One convolution with its parameters: forward, and its gradients.
package struct Convolution3d: Sendable {
    package let geometry: ConvolutionGeometry
    /// `(K, C, kd, kh, kw)`.
    package let weight: Tensor
    /// `(K)`, or none.
    package let bias: Tensor?
    package let arithmetic: Arithmetic
    /// Weights transformed before, for inference; nil: transformed in each pass.
    package private(set) var prepared: WinogradWeights?
    fileprivate let kernels: ProductKernels

    /// - Parameter products: whose all of them are, as benchmarks compare them; nil: whom `ProductKernels` chooses.
    package init(
        geometry: ConvolutionGeometry, weight: Tensor, bias: Tensor? = nil, arithmetic: Arithmetic,
        products: ProductKernel? = nil
    ) {
        self.geometry = geometry
        self.weight = weight
        self.bias = bias
        self.arithmetic = arithmetic
        kernels = products.map(ProductKernels.init(all:)) ?? ProductKernels(for: arithmetic, inputs: weight.shape[1])
    }

    package func withPrepared(_ prepared: WinogradWeights) -> Convolution3d {
        var ready = self
        ready.prepared = prepared
        return ready
    }

    /// Whether the forward pass on features of this extent takes Winograd's way, and so profits from weights made by
    /// `prepare`.
    package func takesWinograd(_ extent: Extent) -> Bool {
        suitsWinograd(geometry, extent, arithmetic) && weight.shape[1] >= FeatureMap.lanes
    }

    /// The weights transformed for features of these channels.
    package func prepare(sources channels: [Int], in workspace: Workspace) -> WinogradWeights {
        WinogradWeights(ConvolutionWeights(weight, sources: channels), in: workspace)
    }

    /// The convolution of `features`, read as if their channels lay one after another, plus bias and `adding`. `sums`
    /// are Σ y and Σ y² per channel, for the norm that follows.
    package func forward(_ features: [Feature], adding: FeatureMap? = nil, gathersSums: Bool, in workspace: Workspace)
        -> (map: FeatureMap, sums: ChannelSums?)
    {
        let input = features[0].map
        var epilogue = Epilogue(adding: adding, gathersSums: gathersSums)
        epilogue.bias = bias.map(FeatureMap.vectors)
        let output = FeatureMap(
            batch: input.batch, channels: weight.shape[0], extent: geometry.outputExtent(input.extent), in: workspace)
        // Each weight is used once for every voxel of the output.
        workspace.count(multiplications: weight.count * output.batch * output.extent.count)
        let sums: ChannelSums?
        if takesWinograd(input.extent) {
            let weights = prepared ?? prepare(sources: features.map(\.map.channels), in: workspace)
            sums = WinogradConvolution(
                features, weights: weights, blockTiles: blockTiles(input.extent), by: kernels.winogradSums
            )
            .run(into: output, epilogue: epilogue, in: workspace)
        } else {
            let weights = ConvolutionWeights(weight, sources: features.map(\.map.channels))
            sums = kernels.sums.convolve(
                features, phases: .forward(geometry), weights: weights, into: output, epilogue: epilogue, in: workspace)
        }
        return (output, sums)
    }

    /// The gradient by the input channels `inputs` of a feature of extent `extent`, from the gradient by the output;
    /// see `GradientTarget`.
    package func inputGradient(
        _ gradient: FeatureMap, inputs: Range<Int>, extent: Extent, target: GradientTarget, in workspace: Workspace
    ) -> (map: FeatureMap, sums: ChannelSums?) {
        let output = target.map(batch: gradient.batch, channels: inputs.count, extent: extent, in: workspace)
        let sums: ChannelSums?
        if suitsWinograd(geometry, extent, arithmetic) {
            let weights = WinogradWeights(
                ConvolutionWeights(transposing: weight, inputs: inputs, isReversed: true), in: workspace)
            sums = WinogradConvolution(
                [Feature(gradient)], weights: weights, blockTiles: blockTiles(extent), by: kernels.winogradSums
            )
            .run(into: output, epilogue: target.epilogue, in: workspace)
        } else {
            let weights = ConvolutionWeights(transposing: weight, inputs: inputs, isReversed: false)
            sums = kernels.sums.convolve(
                [Feature(gradient)], phases: .backward(geometry), weights: weights, into: output,
                epilogue: target.epilogue, in: workspace)
        }
        return (output, sums)
    }

    /// The gradient by the weight, of the weight's shape.
    package func weightGradient(_ features: [Feature], gradient: FeatureMap, in workspace: Workspace) -> Tensor {
        guard suitsWinograd(geometry, gradient.extent, arithmetic), weight.shape[1] >= FeatureMap.lanes else {
            return DirectWeightGradient(
                features, gradient: gradient, geometry: geometry, by: kernels.weightGradient
            ).run(in: workspace)
        }
        return WinogradWeightGradient(features, gradient: gradient, by: kernels.winogradWeightGradient).run(
            in: workspace)
    }
}

/// A transposed convolution whose kernel equals its stride, as in nnU-Net's decoder: each input voxel gives a block of
/// outputs. It is the gradient of a convolution by its input, so all of it is computed by `Convolution3d` the other way
/// round.
package struct TransposedConvolution3d: Sendable {
    /// `(C, K, kd, kh, kw)`, the convolution whose outputs are this one's inputs.
    private let mirrored: Convolution3d
    private let bias: Tensor?

    /// `weight` is `(C, K, kd, kh, kw)`, as PyTorch has it; `bias` is `(K)`.
    package init(weight: Tensor, bias: Tensor?, arithmetic: Arithmetic, products: ProductKernel? = nil) {
        let stride = Triple(weight.shape[2], weight.shape[3], weight.shape[4])
        mirrored = Convolution3d(
            geometry: ConvolutionGeometry(blocks: stride), weight: weight, arithmetic: arithmetic, products: products)
        self.bias = bias
    }

    package func forward(_ feature: Feature, in workspace: Workspace) -> FeatureMap {
        let (input, stride, outputs) = (feature.map, mirrored.geometry.stride, mirrored.weight.shape[1])
        let extent = Extent(
            depth: input.extent.depth * stride.depth, height: input.extent.height * stride.height,
            width: input.extent.width * stride.width)
        let output = FeatureMap(batch: input.batch, channels: outputs, extent: extent, in: workspace)
        // Each weight is used once for every voxel of the input.
        workspace.count(multiplications: mirrored.weight.count * input.batch * input.extent.count)
        let weights = ConvolutionWeights(transposing: mirrored.weight, inputs: 0..<outputs, isReversed: false)
        var epilogue = Epilogue()
        epilogue.bias = bias.map(FeatureMap.vectors)
        _ = mirrored.kernels.sums.convolve(
            [feature], phases: .backward(mirrored.geometry), weights: weights, into: output, epilogue: epilogue,
            in: workspace)
        return output
    }

    package func inputGradient(_ gradient: FeatureMap, target: GradientTarget, in workspace: Workspace) -> (
        map: FeatureMap, sums: ChannelSums?
    ) {
        let extent = mirrored.geometry.outputExtent(gradient.extent)
        let output = target.map(
            batch: gradient.batch, channels: mirrored.weight.shape[0], extent: extent, in: workspace)
        let weights = ConvolutionWeights(mirrored.weight, sources: [gradient.channels])
        let sums = mirrored.kernels.sums.convolve(
            [Feature(gradient)], phases: .forward(mirrored.geometry), weights: weights, into: output,
            epilogue: target.epilogue, in: workspace)
        return (output, sums)
    }

    /// Of the weight's shape.
    package func weightGradient(_ feature: Feature, gradient: FeatureMap, in workspace: Workspace) -> Tensor {
        // The roles are exchanged: the gradient is what the mirrored convolution reads, the feature is its output.
        mirrored.weightGradient([Feature(gradient)], gradient: activated(feature, in: workspace), in: workspace)
    }
}

/// Where a gradient goes: a new map, or one that has already got a part of it; and whether it is the last part, after
/// which the activation of the feature decides what passes.
package struct GradientTarget: Sendable {
    /// The gradient so far; the results are added to it in place.
    package var adding: FeatureMap?
    /// Given with the last part. `sums` are then Σ g and Σ g·x per channel.
    package var gate: Feature?

    package init(adding: FeatureMap? = nil, gate: Feature? = nil) {
        self.adding = adding
        self.gate = gate
    }

    var epilogue: Epilogue { Epilogue(adding: adding, gate: gate, gathersSums: gate != nil) }

    func map(batch: Int, channels: Int, extent: Extent, in workspace: Workspace) -> FeatureMap {
        adding ?? FeatureMap(batch: batch, channels: channels, extent: extent, in: workspace)
    }
}

extension FeatureMap {
    /// A value for each channel, as one vector per block.
    static func vectors(_ values: Tensor) -> [Vector] {
        (0..<(values.count + lanes - 1) / lanes).map { block in
            var vector = Vector()
            for lane in 0..<min(lanes, values.count - block * lanes) { vector[lane] = values[block * lanes + lane] }
            return vector
        }
    }
}

/// Gradient `(K)` by a bias: the sum of the gradient by the output over samples and voxels, in Double.
package func biasGradient(_ gradient: FeatureMap, in workspace: Workspace) -> Tensor {
    let sums = ChannelSums(of: gradient, in: workspace)
    let channels = gradient.channels
    return Tensor(
        (0..<channels).map { channel in
            Float((0..<gradient.batch).reduce(0.0) { $0 + sums.first[$1 * channels + channel] })
        }, shape: [channels])
}
