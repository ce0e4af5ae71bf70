import Threads

/// The gradient by the weight of a 3×3×3 convolution with stride 1: `Gᵀ (Σ_tiles Bᵀx · A∂y) G`, an outer product at
/// each of 216 points instead of 27 · 64 for each tile.
///
/// Runs over chunks of tiles: their transforms are made tile by tile, then each point is summed over the chunk. A point
/// belongs to one index of the loop, so the order of summation does not depend on the number of threads.
struct WinogradWeightGradient: Sendable {
    private let inputs: [WinogradInput]
    private let gradient: FeatureMap
    private let tiles: WinogradTiles
    private let slots: [Int?]
    private let kernel: ProductKernel

    /// Floats of one chunk's transforms: 12 MB, which the last cache holds.
    private static let budget = 3 << 20
    /// Tiles that one task transforms.
    private static let block = 6

    init(_ features: [Feature], gradient: FeatureMap, by kernel: ProductKernel) {
        let tiles = WinogradTiles(gradient.extent)
        self.tiles = tiles
        self.gradient = gradient
        self.kernel = kernel
        inputs = features.map { WinogradInput(feature: $0, tiles: tiles) }
        slots = ConvolutionWeights.slots(features.map(\.map.channels))
    }

    /// Lanes of the gradient, in whole panels.
    private var lanes: Int { (gradient.channels + 15) / 16 * 16 }
    private var chunk: Int {
        let most = max(Self.block, Self.budget / (Winograd.pointsOfTile * (slots.count + lanes)))
        return min(tiles.count, most)
    }

    /// `(K, C, 3, 3, 3)`.
    func run(in workspace: Workspace) -> Tensor {
        let points = Winograd.pointsOfTile
        var products = workspace.tensor([points, slots.count, lanes])
        var sources = workspace.tensor([chunk, points, slots.count])
        var gradients = workspace.tensor([chunk, points, lanes])
        var isFirst = true
        for sample in 0..<gradient.batch {
            for first in stride(from: 0, to: tiles.count, by: chunk) {
                let range = first..<min(first + chunk, tiles.count)
                transform(range, sample, &sources, &gradients, workspace)
                multiply(range.count, sources, gradients, into: &products, assigning: isFirst, workspace)
                isFirst = false
            }
        }
        return transformedBack(products, workspace)
    }

    private func transform(
        _ range: Range<Int>, _ sample: Int, _ sources: inout Tensor, _ gradients: inout Tensor, _ workspace: Workspace
    ) {
        let (sourceStride, gradientStride) = (Winograd.pointsOfTile * slots.count, Winograd.pointsOfTile * lanes)
        sources.writeDisjointly { sources in
            gradients.writeDisjointly { gradients in
                workspace.forEach(
                    count: (range.count + Self.block - 1) / Self.block, scratch: max(WinogradInput.scratch, 304 * 8)
                ) {
                    index, scratch in
                    let offset = index * Self.block
                    let tiles =
                        range.lowerBound + offset..<min(range.lowerBound + offset + Self.block, range.upperBound)
                    var slot = 0
                    for input in inputs {
                        for block in 0..<input.feature.map.blocks {
                            input.transform(
                                tiles, sample: sample, block: block, into: sources.base + offset * sourceStride + slot,
                                pointStride: slots.count, tileStride: sourceStride, scratch: scratch)
                            slot += FeatureMap.lanes
                        }
                    }
                    for block in 0..<lanes / FeatureMap.lanes {
                        transformGradient(
                            tiles, sample, block,
                            into: gradients.base + offset * gradientStride + block * FeatureMap.lanes, scratch)
                    }
                }
            }
        }
    }

    /// A along each axis: 4³ gradients to 216 points. Voxels beyond the volume are zero.
    private func transformGradient(
        _ range: Range<Int>, _ sample: Int, _ block: Int, into target: UnsafeMutablePointer<Float>,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let (voxels, planes, lines, lanes) = (scratch, scratch + 64 * 8, scratch + (64 + 96) * 8, FeatureMap.lanes)
        let feature = Feature(gradient)
        let isThere = block < gradient.blocks
        gradient.read(sample, min(block, gradient.blocks - 1)) { source in
            tiles.forEachRun(range, longest: 1) { tile in
                for row in 0..<16 {
                    feature.loadRow(
                        source, .raw, depth: isThere ? tile.depth + row / 4 : -1, height: tile.height + row % 4,
                        first: tile.width, count: 4,
                        into: voxels + row * 4 * lanes)
                }
                for place in 0..<16 {
                    Winograd.store(
                        Winograd.outputTransposed(Winograd.loadFour(voxels + place * lanes, 16 * lanes)),
                        planes + place * lanes, 16 * lanes)
                }
                for depth in 0..<6 {
                    for width in 0..<4 {
                        Winograd.store(
                            Winograd.outputTransposed(
                                Winograd.loadFour(planes + (depth * 16 + width) * lanes, 4 * lanes)),
                            lines + (depth * 24 + width) * lanes, 4 * lanes)
                    }
                }
                let place = target + (tile.first - range.lowerBound) * Winograd.pointsOfTile * self.lanes
                for line in 0..<36 {
                    Winograd.store(
                        Winograd.outputTransposed(Winograd.loadFour(lines + line * 4 * lanes, lanes)),
                        place + line * 6 * self.lanes, self.lanes)
                }
            }
        }
    }

    /// For each point: products (slots × lanes) += sources (tiles × slots)ᵀ · gradients (tiles × lanes).
    private func multiply(
        _ count: Int, _ sources: Tensor, _ gradients: Tensor, into products: inout Tensor, assigning: Bool,
        _ workspace: Workspace
    ) {
        let (slots, lanes, points) = (slots.count, lanes, Winograd.pointsOfTile)
        products.writeDisjointly { products in
            if kernel == .openBLAS {
                return workspace.forEach(count: points) { point in
                    sources.read { left in
                        gradients.read { right in
                            BLAS.multiply(
                                BLAS.Matrix(base: left + point * slots, stride: points * slots).transposed,
                                BLAS.Matrix(base: right + point * lanes, stride: points * lanes), rows: slots,
                                columns: lanes, inner: count, result: products.base + point * slots * lanes,
                                resultStride: lanes, adding: !assigning)
                        }
                    }
                }
            }
            workspace.forEach(count: points, scratch: count * (slots + lanes)) { point, scratch in
                let (left, right) = (scratch, scratch + count * slots)
                sources.read {
                    Self.gather($0 + point * slots, stride: points * slots, length: slots, count: count, into: left)
                }
                gradients.read {
                    Self.gather($0 + point * lanes, stride: points * lanes, length: lanes, count: count, into: right)
                }
                let target = products.base + point * slots * lanes
                if assigning { target.update(repeating: 0, count: slots * lanes) }
                for lane in stride(from: 0, to: lanes, by: 16) {
                    for slot in stride(from: 0, to: slots, by: 4) {
                        addOuterProducts(
                            target + slot * lanes + lane, targetStride: lanes, left + slot, sourceStride: slots,
                            right + lane,
                            columnStride: lanes, count: count)
                    }
                }
            }
        }
    }

    /// One point of all tiles, side by side.
    private static func gather(
        _ source: UnsafePointer<Float>, stride: Int, length: Int, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        for tile in 0..<count { (target + tile * length).update(from: source + tile * stride, count: length) }
    }

    /// Gᵀ along each axis: 216 points to 27 taps.
    private func transformedBack(_ products: Tensor, _ workspace: Workspace) -> Tensor {
        let (slots, lanes, outputs) = (slots, lanes, gradient.channels)
        let channels = slots.compactMap(\.self).count
        var result = workspace.tensor([outputs, channels, 3, 3, 3])
        result.writeDisjointly { result in
            workspace.forEach(count: slots.count, scratch: (108 + 54 + 27) * 8) { slot, scratch in
                guard let channel = slots[slot] else { return }
                for block in 0..<(outputs + 7) / 8 {
                    products.read {
                        Self.transformBack($0 + slot * lanes + block * 8, stride: slots.count * lanes, scratch)
                    }
                    let taps = scratch + (108 + 54) * 8
                    for lane in 0..<min(8, outputs - block * 8) {
                        let place = result.base + ((block * 8 + lane) * channels + channel) * 27
                        for tap in 0..<27 { place[tap] = taps[tap * 8 + lane] }
                    }
                }
            }
        }
        return result
    }

    /// Leaves the taps at the end of `scratch`.
    private static func transformBack(
        _ source: UnsafePointer<Float>, stride: Int, _ scratch: UnsafeMutablePointer<Float>
    ) {
        let (planes, lines, taps) = (scratch, scratch + 108 * 8, scratch + (108 + 54) * 8)
        for place in 0..<36 {
            Winograd.store(
                Winograd.weightTransposed(Winograd.loadSix(source + place * stride, 36 * stride)), planes + place * 8,
                36 * 8)
        }
        for depth in 0..<3 {
            for width in 0..<6 {
                Winograd.store(
                    Winograd.weightTransposed(Winograd.loadSix(planes + (depth * 36 + width) * 8, 48)),
                    lines + (depth * 18 + width) * 8, 48)
            }
        }
        for line in 0..<9 {
            Winograd.store(Winograd.weightTransposed(Winograd.loadSix(lines + line * 48, 8)), taps + line * 24, 8)
        }
    }
}
