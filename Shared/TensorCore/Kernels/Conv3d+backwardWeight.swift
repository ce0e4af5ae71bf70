/// Gradient `(K, C, 3, 3, 3)` by the weight, from the input `(N, C, D, H, W)` and the gradient `(N, K, D', H', W')` by the output.
///
/// Sums run in float32 over one tile and in Double over tiles.
package func conv3dBackwardWeight(_ input: Tensor, gradient: Tensor, stride: Int = 1, pool: ComputePool) -> Tensor {
    TapCorrelation(input, gradient: gradient, stride: stride).run(pool: pool)
}

/// The weight gradient laid out for `correlateTaps`: input tiles as for the forward pass, and beside them the gradient in rows of the
/// same width whose border is zero, so that border positions add nothing.
private struct TapCorrelation: Sendable {
    private let input: Tensor
    private let gradient: Tensor
    private let plan: TapPlan
    private let tiling: TapTiling
    private let offsets: [Int]
    /// Tiles of all samples are summed in this many runs, each with its own totals.
    private let runs: Int
    /// Blocks of 4 output channels are cut into this many groups.
    private let groups: Int

    init(_ input: Tensor, gradient: Tensor, stride: Int) {
        self.input = input
        self.gradient = gradient
        plan = TapPlan.forward[stride]!
        tiling = TapTiling(positionsOf: gradient.extent, plan: plan)
        offsets = plan.passes(tiling)[0].taps.map(\.offset)
        // At most 4 million totals (32 MB), at least 16 tasks where sizes allow.
        let blocks = (gradient.channels + 3) / 4
        runs = max(1, min(32, tiling.tileCount * input.batch, 4_000_000 / (blocks * 4 * input.channels * 27)))
        groups = max(1, min((16 + runs - 1) / runs, blocks))
    }

    private var blocks: Int { (gradient.channels + 3) / 4 }
    private var totalsCount: Int { blocks * 4 * input.channels * 27 }
    /// Positions of one plane of the gradient in working memory, in whole vectors.
    private var planeStride: Int { (tiling.height * tiling.rowWidth + 7) / 8 * 8 }
    private var gradientStride: Int { tiling.depth * planeStride }

    func run(pool: ComputePool) -> Tensor {
        var totals = [Double](repeating: 0, count: runs * totalsCount)
        let inputFloats = tiling.workingSize(channels: input.channels)
        totals.withUnsafeMutableBufferPointer { buffer in
            let totals = DisjointOutput(buffer.baseAddress!)
            pool.forEach(count: runs * groups, scratch: inputFloats + 4 * gradientStride) { task, working in
                let (run, group) = (task / groups, task % groups)
                let tiles = tiling.tileCount * input.batch
                for tile in tiles * run / runs..<tiles * (run + 1) / runs {
                    correlate(
                        tile, blocks: blocks * group / groups..<blocks * (group + 1) / groups, working, working + inputFloats,
                        totals.base + run * totalsCount)
                }
            }
        }
        return folded(totals)
    }

    private func correlate(
        _ index: Int, blocks: Range<Int>, _ source: UnsafeMutablePointer<Float>, _ rows: UnsafeMutablePointer<Float>,
        _ totals: UnsafeMutablePointer<Double>
    ) {
        let sample = index / tiling.tileCount
        let tile = tiling.tile(index % tiling.tileCount)
        input.read {
            tiling.load(
                tile, of: $0 + sample * input.channels * input.extent.count, extent: input.extent, channels: input.channels, plan: plan,
                into: source)
        }
        for block in blocks {
            loadGradient(tile, sample, block, rows)
            for channel in 0..<input.channels {
                let base = UnsafePointer(source) + channel * tiling.channelStride
                for row in 0..<9 {
                    var sums = CorrelationSums()
                    for depth in 0..<tile.depths.count {
                        let plane = base + depth * tiling.planeSize
                        correlateTaps(
                            sums: &sums, gradient: rows + depth * planeStride, gradientStride: gradientStride,
                            sources: (plane + offsets[row * 3], plane + offsets[row * 3 + 1], plane + offsets[row * 3 + 2]),
                            vectors: planeStride / 8)
                    }
                    sums.fold(into: totals + (block * 4 * input.channels + channel) * 27 + row * 3, stride: input.channels * 27)
                }
            }
        }
    }

    /// Four channels of the gradient's tile, zero in the border and in channels that do not exist.
    private func loadGradient(_ tile: TapTiling.Tile, _ sample: Int, _ block: Int, _ rows: UnsafeMutablePointer<Float>) {
        let extent = gradient.extent
        rows.update(repeating: 0, count: 4 * gradientStride)
        gradient.read { values in
            for channel in block * 4..<min(block * 4 + 4, gradient.channels) {
                let volume = values + (sample * gradient.channels + channel) * extent.count
                for d in tile.depths {
                    var row = rows + (channel - block * 4) * gradientStride + (d - tile.depths.lowerBound) * planeStride
                    for h in tile.heights {
                        row.update(from: volume + (d * extent.height + h) * extent.width, count: extent.width)
                        row += tiling.rowWidth
                    }
                }
            }
        }
    }

    /// Adds the runs in order.
    private func folded(_ totals: [Double]) -> Tensor {
        var result = Tensor(uninitialized: [gradient.channels, input.channels, 3, 3, 3])
        result.withUnsafeMutableBufferPointer { values in
            for index in values.indices {
                var sum = 0.0
                for run in 0..<runs { sum += totals[run * totalsCount + index] }
                values[index] = Float(sum)
            }
        }
        return result
    }
}
