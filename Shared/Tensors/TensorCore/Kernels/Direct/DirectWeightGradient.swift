import Threads

/// The gradient by the weight of a convolution of any kernel and stride: for every tap, outer products of the inputs it
/// read and the gradient by the outputs, summed over voxels.
///
/// Tiles are summed in a fixed number of runs, each in single precision, and the runs in Double.
struct DirectWeightGradient: Sendable {
    private let features: [Feature]
    private let gradient: FeatureMap
    private let geometry: ConvolutionGeometry
    private let phases: TapPhases
    private let tiles: GridTiles
    /// The channel of each slot, nil for none.
    private let slots: [Int?]
    private let runs: Int

    /// Sums of all runs together, in floats: 32 MB.
    private static let budget = 8 << 20
    private static let mostRuns = 32

    init(_ features: [Feature], gradient: FeatureMap, geometry: ConvolutionGeometry) {
        self.features = features
        self.gradient = gradient
        self.geometry = geometry
        phases = .forward(geometry)
        slots = ConvolutionWeights.slots(features.map(\.map.channels))
        tiles = GridTiles(grid: gradient.extent, phases: phases, slots: slots.count)
        let sums = geometry.kernel.product * slots.count * ((gradient.channels + 15) / 16 * 16)
        runs = max(1, min(Self.mostRuns, tiles.count * gradient.batch, Self.budget / sums))
    }

    private var panels: Int { (gradient.channels + 15) / 16 }
    /// `[tap][slot][16]` of one panel.
    private var panelFloats: Int { geometry.kernel.product * slots.count * 16 }

    /// `(K, C, kd, kh, kw)`.
    func run(in workspace: Workspace) -> Tensor {
        var sums = workspace.tensor([runs * panels * panelFloats])
        let sourceFloats = tiles.source.count * slots.count + 16
        sums.writeDisjointly { sums in
            workspace.forEach(count: runs * panels, scratch: sourceFloats + tiles.width * 16) { task, scratch in
                let (run, panel) = (task / panels, task % panels)
                let target = sums.base + task * panelFloats
                target.update(repeating: 0, count: panelFloats)
                let all = tiles.count * gradient.batch
                for index in all * run / runs..<all * (run + 1) / runs {
                    let (sample, tile) = (index / tiles.count, tiles[index % tiles.count])
                    tiles.load(tile, features, sample: sample, into: scratch)
                    for (row, height) in tile.heights.enumerated() {
                        loadRow(sample, panel, tile, height, into: scratch + sourceFloats)
                        let source = scratch + row * phases.sourceStride.height * tiles.source.width * FeatureMap.lanes
                        add(source, scratch + sourceFloats, count: tile.widths.count, to: target)
                    }
                }
            }
        }
        return folded(sums, workspace)
    }

    /// One row of sixteen channels of the gradient, side by side; zeros beyond the last block.
    private func loadRow(
        _ sample: Int, _ panel: Int, _ tile: GridTiles.Tile, _ height: Int, into target: UnsafeMutablePointer<Float>
    ) {
        let extent = gradient.extent
        let first = ((tile.depth * extent.height + height) * extent.width + tile.widths.lowerBound) * FeatureMap.lanes
        for half in 0..<2 {
            let isThere = panel * 2 + half < gradient.blocks
            gradient.read(sample, min(panel * 2 + half, gradient.blocks - 1)) { values in
                for column in 0..<tile.widths.count {
                    let value = isThere ? Vector(at: values + first + column * FeatureMap.lanes) : Vector()
                    value.store(at: target + column * 16 + half * FeatureMap.lanes)
                }
            }
        }
    }

    private func add(
        _ source: UnsafePointer<Float>, _ columns: UnsafePointer<Float>, count: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        let step = phases.sourceStride.width * FeatureMap.lanes
        let blockFloats = tiles.source.count * FeatureMap.lanes
        for tap in phases.phases[0].taps {
            let offset = tiles.offset(tap.shift)
            for slot in stride(from: 0, to: slots.count, by: 4) where slots[slot] != nil {
                addOuterProducts(
                    target + (tap.tap * slots.count + slot) * 16, targetStride: 16,
                    source + slot / 8 * blockFloats + offset + slot % 8, sourceStride: step, columns, columnStride: 16,
                    count: count)
            }
        }
    }

    /// Adds the runs in order.
    private func folded(_ sums: Tensor, _ workspace: Workspace) -> Tensor {
        let (kernel, channels) = (geometry.kernel, slots.compactMap(\.self).count)
        var result = workspace.tensor([gradient.channels, channels, kernel.depth, kernel.height, kernel.width])
        let taps = kernel.product
        result.writeDisjointly { result in
            workspace.forEach(count: gradient.channels) { output in
                sums.read { sums in
                    let place = sums + output / 16 * panelFloats + output % 16
                    for (slot, channel) in slots.enumerated() {
                        guard let channel else { continue }
                        for tap in 0..<taps {
                            var sum = 0.0
                            for run in 0..<runs {
                                sum += Double(place[run * panels * panelFloats + (tap * slots.count + slot) * 16])
                            }
                            result.base[(output * channels + channel) * taps + tap] = Float(sum)
                        }
                    }
                }
            }
        }
        return result
    }
}
