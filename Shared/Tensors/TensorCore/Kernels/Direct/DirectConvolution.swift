import Threads

/// A direct convolution of any kernel and stride: each tile's sources are copied with their border (and activated on
/// the way), then every row of six target voxels by sixteen channels is one long sum in registers.
struct DirectConvolution: Sendable {
    private let features: [Feature]
    private let phases: TapPhases
    private let tiles: GridTiles
    private let packed: [PackedPhase]
    private let slots: Int

    private struct PackedPhase: Sendable {
        let remainder: Triple
        /// Floats into the tile's source, and channels to read there, for each tap of each block.
        let segments: [(offset: Int, length: Int)]
        /// `[panel of 16 outputs][segment][channel of the segment][16]`.
        let weights: Tensor
        let panelStride: Int
    }

    /// `features` are read as if their blocks of channels lay one after another; `target` is what the results fill.
    init(_ features: [Feature], phases: TapPhases, target: Extent, weights: ConvolutionWeights, in workspace: Workspace)
    {
        self.features = features
        self.phases = phases
        slots = weights.slots.count
        let tiles = GridTiles(grid: phases.grid(target), phases: phases, slots: slots, for: .own)
        self.tiles = tiles
        packed = phases.phases.map { Self.pack($0, tiles, weights, workspace) }
    }

    private static func pack(
        _ phase: TapPhases.Phase, _ tiles: GridTiles, _ weights: ConvolutionWeights, _ workspace: Workspace
    ) -> PackedPhase {
        var segments: [(offset: Int, length: Int)] = []
        var steps: [(slot: Int, tap: Int)] = []
        for block in 0..<weights.slots.count / FeatureMap.lanes {
            let slots = (block * FeatureMap.lanes..<(block + 1) * FeatureMap.lanes).filter { weights.slots[$0] != nil }
            for tap in phase.taps {
                segments.append((block * tiles.source.count * FeatureMap.lanes + tiles.offset(tap.shift), slots.count))
                steps += slots.map { ($0, tap.tap) }
            }
        }
        let panels = (weights.outputs + 15) / 16
        let order = steps
        var tensor = workspace.tensor([panels, max(1, order.count), 16])
        tensor.writeDisjointly { target in
            workspace.forEach(count: panels) { panel in
                for (step, place) in order.enumerated() {
                    for half in 0..<2 {
                        weights.vector(outputBlock: panel * 2 + half, slot: place.slot, tap: place.tap)
                            .store(at: target.base + (panel * order.count + step) * 16 + half * 8)
                    }
                }
            }
        }
        return PackedPhase(
            remainder: phase.remainder, segments: segments, weights: tensor, panelStride: order.count * 16)
    }

    func run(into output: FeatureMap, epilogue: Epilogue, in workspace: Workspace) -> ChannelSums? {
        let batch = output.batch
        var partial = ChannelSums.Partial(
            batch: batch, channels: output.channels, tasksPerSample: tiles.count, in: workspace)
        let (target, sourceFloats) = (output.memory, tiles.source.count * slots + 16)
        partial.withPlaces { places in
            workspace.forEach(count: batch * tiles.count, scratch: sourceFloats + 2 * rowFloats) { task, scratch in
                let sample = task / tiles.count
                let tile = tiles[task % tiles.count]
                tiles.load(tile, features, sample: sample, into: scratch)
                for panel in 0..<(output.blocks + 1) / 2 {
                    let pair = panel * 2 + 1 < output.blocks
                    var first = epilogue.outflow(target.base, output, sample: sample, block: panel * 2)
                    var second =
                        pair ? epilogue.outflow(target.base, output, sample: sample, block: panel * 2 + 1) : nil
                    convolve(tile, panel, scratch, rows: scratch + sourceFloats, output.extent, &first, &second)
                    places.base[task * output.blocks + panel * 2] = first.moments
                    if let second { places.base[task * output.blocks + panel * 2 + 1] = second.moments }
                }
            }
        }
        return epilogue.gathersSums ? partial.summed() : nil
    }

    /// One row of results of one block of channels, in whole groups of six.
    private var rowFloats: Int { (tiles.width + 5) / 6 * 6 * FeatureMap.lanes }

    private func convolve(
        _ tile: GridTiles.Tile, _ panel: Int, _ source: UnsafePointer<Float>, rows: UnsafeMutablePointer<Float>,
        _ extent: Extent,
        _ first: inout Outflow, _ second: inout Outflow?
    ) {
        let (step, stride) = (phases.targetStride, phases.sourceStride)
        for phase in packed {
            let depth = tile.depth * step.depth + phase.remainder.depth
            guard depth < extent.depth else { continue }
            let width = tile.widths.lowerBound * step.width + phase.remainder.width
            let count = min(tile.widths.count, (extent.width - width + step.width - 1) / step.width)
            guard count > 0 else { continue }
            for (index, h) in tile.heights.enumerated() {
                let height = h * step.height + phase.remainder.height
                guard height < extent.height else { break }
                computeRow(
                    phase, panel, source + index * stride.height * tiles.source.width * FeatureMap.lanes, count,
                    into: rows)
                let voxel = (depth * extent.height + height) * extent.width + width
                first.writeRow(rows, count: count, at: voxel, stride: step.width)
                second?.writeRow(rows + rowFloats, count: count, at: voxel, stride: step.width)
            }
        }
    }

    @inline(__always)
    private func computeRow(
        _ phase: PackedPhase, _ panel: Int, _ source: UnsafePointer<Float>, _ count: Int,
        into rows: UnsafeMutablePointer<Float>
    ) {
        let step = phases.sourceStride.width * FeatureMap.lanes
        phase.weights.read { weights in
            phase.segments.withUnsafeBufferPointer { segments in
                for position in stride(from: 0, to: count, by: 6) {
                    var six = SixRows()
                    var panelWeights = weights + panel * phase.panelStride
                    let first = source + position * step
                    for segment in segments {
                        six.add(first + segment.offset, rowStride: step, length: segment.length, weights: panelWeights)
                        panelWeights += segment.length * 16
                    }
                    six.store(rows + position * FeatureMap.lanes, rows + rowFloats + position * FeatureMap.lanes)
                }
            }
        }
    }
}
