/// One 3×3×3 convolution laid out for `accumulateTaps`: tiling, packed weights and offsets. Serves the forward pass and the
/// gradient by the input, with stride 1 and 2; `TapPlan` says how they differ.
struct TapConvolution: Sendable {
    private let plan: TapPlan
    private let tiling: TapTiling
    private let source: (channels: Int, extent: Extent)
    private let target: (channels: Int, extent: Extent)
    private let passes: [PackedPass]
    /// Target channels are cut into this many groups where there are few tiles.
    private let groups: Int

    private struct PackedPass: Sendable {
        let remainder: (depth: Int, height: Int, width: Int)
        let tapCount: Int
        /// For all taps of source channel 0, then 1, …
        let offsets: [Int32]
        /// `[block of 4 target channels][source channel][tap][4]`, zeros beyond the last channel.
        let weights: Tensor
    }

    /// A weight `(K, C, 3, 3, 3)` read with either of its channels as the target.
    struct Weights: Sendable {
        let tensor: Tensor
        /// Floats from one target channel to the next, and from one source channel to the next.
        let targetStride: Int
        let sourceStride: Int
    }

    init(
        plan: TapPlan, grid: Extent, source: (channels: Int, extent: Extent), target: (channels: Int, extent: Extent), batch: Int,
        weights: Weights, pool: ComputePool
    ) {
        let tiling = TapTiling(grid: grid, plan: plan, channels: source.channels)
        self.plan = plan
        self.tiling = tiling
        self.source = source
        self.target = target
        passes = plan.passes(tiling).map { Self.pack($0, tiling, weights, source.channels, target.channels, pool) }
        // 16 tasks keep a few threads evenly busy; a group of 8 blocks outweighs loading its tile again.
        let blocks = (target.channels + 3) / 4
        let tasks = tiling.tileCount * batch
        groups = max(1, min((16 + tasks - 1) / tasks, blocks / 8))
    }

    private static func pack(
        _ pass: TapPlan.Pass, _ tiling: TapTiling, _ weights: Weights, _ sources: Int, _ targets: Int, _ pool: ComputePool
    ) -> PackedPass {
        let (blocks, kernels) = ((targets + 3) / 4, pass.taps.map(\.kernel))
        let blockSize = sources * kernels.count * 4
        var packed = Tensor(uninitialized: [blocks, sources, kernels.count, 4])
        packed.writeDisjointly { packed in
            pool.forEach(count: blocks) { block in
                weights.tensor.read { values in
                    var place = packed.base + block * blockSize
                    for source in 0..<sources {
                        for kernel in kernels {
                            for target in block * 4..<block * 4 + 4 {
                                let index = target * weights.targetStride + source * weights.sourceStride + kernel
                                place.pointee = target < targets ? values[index] : 0
                                place += 1
                            }
                        }
                    }
                }
            }
        }
        var offsets: [Int32] = []
        for channel in 0..<sources {
            offsets += pass.taps.map { Int32(channel * tiling.channelStride + $0.offset) }
        }
        return PackedPass(remainder: pass.remainder, tapCount: offsets.count, offsets: offsets, weights: packed)
    }

    /// Assigns all of `output`.
    func run(_ input: Tensor, into output: inout Tensor, pool: ComputePool) {
        let tileFloats = tiling.workingSize(channels: source.channels)
        let perSample = tiling.tileCount * groups
        let batch = input.batch
        output.writeDisjointly { output in
            pool.forEach(count: batch * perSample, scratch: tileFloats + 4 * positionStride) { task, working in
                let sample = task / perSample
                let tile = tiling.tile(task % perSample / groups)
                input.read { values in
                    tiling.load(
                        tile, of: values + sample * source.channels * source.extent.count, extent: source.extent,
                        channels: source.channels, plan: plan, into: working)
                }
                let volume = output.base + sample * target.channels * target.extent.count
                convolve(tile, blocks: blocks(group: task % groups), working, results: working + tileFloats, volume)
            }
        }
    }

    /// Positions of one plane, rounded up to what the inner loop writes.
    private var positionStride: Int { (tiling.height * tiling.rowWidth + 23) / 24 * 24 }

    private func blocks(group: Int) -> Range<Int> {
        let blocks = (target.channels + 3) / 4
        return blocks * group / groups..<blocks * (group + 1) / groups
    }

    private func convolve(
        _ tile: TapTiling.Tile, blocks: Range<Int>, _ working: UnsafePointer<Float>, results: UnsafeMutablePointer<Float>,
        _ volume: UnsafeMutablePointer<Float>
    ) {
        let positions = (tile.heights.count - 1) * tiling.rowWidth + tiling.grid.width
        for pass in passes {
            pass.weights.read { weights in
                pass.offsets.withUnsafeBufferPointer { offsets in
                    for block in blocks {
                        let blockWeights = weights + block * pass.tapCount * 4
                        for depth in tile.depths {
                            let plane = working + (depth - tile.depths.lowerBound) * tiling.planeSize
                            var position = 0
                            while position < positions {
                                accumulateTaps(
                                    target: results + position, targetStride: positionStride, source: plane + position,
                                    offsets: offsets.baseAddress!, weights: blockWeights, count: pass.tapCount)
                                position += 24
                            }
                            store(results, block, depth, tile.heights, pass, volume)
                        }
                    }
                }
            }
        }
    }

    /// Writes one plane of up to four channels to where its remainder says, leaving out the border.
    private func store(
        _ results: UnsafePointer<Float>, _ block: Int, _ depth: Int, _ heights: Range<Int>, _ pass: PackedPass,
        _ volume: UnsafeMutablePointer<Float>
    ) {
        let extent = target.extent
        let step = plan.targetStride
        let d = depth * step + pass.remainder.depth
        guard d < extent.depth else { return }
        for channel in block * 4..<min(block * 4 + 4, target.channels) {
            var row = results + (channel - block * 4) * positionStride
            for height in heights {
                let h = height * step + pass.remainder.height
                guard h < extent.height else { break }
                let line = volume + ((channel * extent.depth + d) * extent.height + h) * extent.width
                if step == 1 {
                    line.update(from: row, count: extent.width)
                } else {
                    let last = (extent.width - pass.remainder.width + 1) / 2
                    for w in 0..<last { line[w * 2 + pass.remainder.width] = row[w] }
                }
                row += tiling.rowWidth
            }
        }
    }
}
