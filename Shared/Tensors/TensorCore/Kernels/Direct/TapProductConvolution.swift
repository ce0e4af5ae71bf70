import Threads

/// A direct convolution by OpenBLAS: for every tap one matrix product, the tile's places by its channels times the
/// channels by the outputs, added to what the taps before gave.
///
/// Columns of all taps side by side (im2col) would make one larger product of it, but copy each value 27 times, and
/// OpenBLAS then copies it again.
struct TapProductConvolution: Sendable {
    private let features: [Feature]
    private let phases: TapPhases
    private let tiles: GridTiles
    private let slots: Int
    /// Outputs in whole blocks of channels.
    private let lanes: Int
    /// `[tap][slot][lane of the outputs]`.
    private let weights: Tensor

    /// `features` are read as if their blocks of channels lay one after another; `target` is what the results fill.
    init(_ features: [Feature], phases: TapPhases, target: Extent, weights: ConvolutionWeights, in workspace: Workspace)
    {
        self.features = features
        self.phases = phases
        let (slots, blocks) = (weights.slots.count, (weights.outputs + FeatureMap.lanes - 1) / FeatureMap.lanes)
        self.slots = slots
        lanes = blocks * FeatureMap.lanes
        tiles = GridTiles(grid: phases.grid(target), phases: phases, slots: slots, for: .openBLAS)
        var packed = workspace.tensor([weights.taps, slots, lanes])
        packed.writeDisjointly { target in
            workspace.forEach(count: weights.taps * slots) { row in
                for block in 0..<blocks {
                    weights.vector(outputBlock: block, slot: row % slots, tap: row / slots)
                        .store(at: target.base + (row * blocks + block) * FeatureMap.lanes)
                }
            }
        }
        self.weights = packed
    }

    func run(into output: FeatureMap, epilogue: Epilogue, in workspace: Workspace) -> ChannelSums? {
        var partial = ChannelSums.Partial(
            batch: output.batch, channels: output.channels, tasksPerSample: tiles.count, in: workspace)
        let (target, sourceFloats) = (output.memory, tiles.source.count * slots)
        partial.withPlaces { places in
            workspace.forEach(count: output.batch * tiles.count, scratch: sourceFloats + tiles.mostPlaces * lanes) {
                task, source in
                let (sample, tile) = (task / tiles.count, tiles[task % tiles.count])
                let results = source + sourceFloats
                tiles.load(tile, features, sample: sample, into: source)
                for phase in phases.phases {
                    multiply(phase, tile, source, into: results)
                    for block in 0..<output.blocks {
                        var outflow = epilogue.outflow(target.base, output, sample: sample, block: block)
                        write(results + block * FeatureMap.lanes, phase, tile, output.extent, &outflow)
                        places.base[task * output.blocks + block].first += outflow.moments.first
                        places.base[task * output.blocks + block].second += outflow.moments.second
                    }
                }
            }
        }
        return epilogue.gathersSums ? partial.summed() : nil
    }

    /// The sums of a phase at the tile's places, `lanes` floats apart.
    private func multiply(
        _ phase: TapPhases.Phase, _ tile: GridTiles.Tile, _ source: UnsafePointer<Float>,
        into results: UnsafeMutablePointer<Float>
    ) {
        let runs = tiles.runs(tile)
        if phase.taps.isEmpty { results.update(repeating: 0, count: runs.count * runs.places * lanes) }
        weights.read { weights in
            for run in 0..<runs.count {
                for (index, tap) in phase.taps.enumerated() {
                    BLAS.multiply(
                        BLAS.Matrix(base: source + run * runs.runStep + tiles.offset(tap.shift), stride: runs.step),
                        BLAS.Matrix(base: weights + tap.tap * slots * lanes, stride: lanes), rows: runs.places,
                        columns: lanes, inner: slots, result: results + run * runs.pitch * lanes, resultStride: lanes,
                        adding: index > 0)
                }
            }
        }
    }

    /// One block of channels of the results to where they belong.
    private func write(
        _ results: UnsafePointer<Float>, _ phase: TapPhases.Phase, _ tile: GridTiles.Tile, _ extent: Extent,
        _ outflow: inout Outflow
    ) {
        let (step, pitch) = (phases.targetStride, tiles.runs(tile).pitch)
        let depth = tile.depth * step.depth + phase.remainder.depth
        let width = tile.widths.lowerBound * step.width + phase.remainder.width
        let count = min(tile.widths.count, (extent.width - width + step.width - 1) / step.width)
        guard depth < extent.depth, count > 0 else { return }
        for (row, h) in tile.heights.enumerated() {
            let height = h * step.height + phase.remainder.height
            guard height < extent.height else { break }
            outflow.writeRow(
                results + row * pitch * lanes, pitch: lanes, count: count,
                at: (depth * extent.height + height) * extent.width + width, stride: step.width)
        }
    }
}
