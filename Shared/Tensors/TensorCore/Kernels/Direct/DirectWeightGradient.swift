import Threads

/// The gradient by the weight of a convolution of any kernel and stride: for every tap, outer products of the inputs it
/// read and the gradient by the outputs, summed over voxels.
///
/// Tiles are summed in a fixed number of runs, each in single precision, and the runs in Double. `ProductKernel` says
/// who sums a tile.
struct DirectWeightGradient: Sendable {
    private let features: [Feature]
    private let gradient: FeatureMap
    private let geometry: ConvolutionGeometry
    private let phases: TapPhases
    private let tiles: GridTiles
    /// The channel of each slot, nil for none.
    private let slots: [Int?]
    private let runs: Int
    private let kernel: ProductKernel
    /// Channels of the gradient that a task takes together: as many as the kernel's registers hold, or enough for a
    /// matrix product.
    private let panel: Int

    /// Sums of all runs together, in floats: 32 MB.
    private static let budget = 8 << 20
    private static let mostRuns = 32

    init(_ features: [Feature], gradient: FeatureMap, geometry: ConvolutionGeometry, by kernel: ProductKernel) {
        self.features = features
        self.gradient = gradient
        self.geometry = geometry
        self.kernel = kernel
        panel = kernel == .own ? 16 : min(64, gradient.blocks * FeatureMap.lanes)
        phases = .forward(geometry)
        slots = ConvolutionWeights.slots(features.map(\.map.channels))
        tiles = GridTiles(grid: gradient.extent, phases: phases, slots: slots.count, for: kernel)
        let sums = geometry.kernel.product * slots.count * ((gradient.channels + panel - 1) / panel * panel)
        runs = max(1, min(Self.mostRuns, tiles.count * gradient.batch, Self.budget / sums))
    }

    private var panels: Int { (gradient.channels + panel - 1) / panel }
    /// `[tap][slot][channel of the panel]` of one panel.
    private var panelFloats: Int { geometry.kernel.product * slots.count * panel }

    /// `(K, C, kd, kh, kw)`.
    func run(in workspace: Workspace) -> Tensor {
        var sums = workspace.tensor([runs * panels * panelFloats])
        let sourceFloats = tiles.source.count * slots.count + 16
        sums.writeDisjointly { sums in
            workspace.forEach(count: runs * panels, scratch: sourceFloats + tiles.mostPlaces * panel) { task, source in
                let (run, panel) = (task / panels, task % panels)
                let (target, columns) = (sums.base + task * panelFloats, source + sourceFloats)
                target.update(repeating: 0, count: panelFloats)
                let all = tiles.count * gradient.batch
                for index in all * run / runs..<all * (run + 1) / runs {
                    let (sample, tile) = (index / tiles.count, tiles[index % tiles.count])
                    tiles.load(tile, features, sample: sample, into: source)
                    switch kernel {
                    case .own:
                        for row in 0..<tile.heights.count {
                            loadRows(row..<row + 1, of: tile, sample, panel, pitch: 0, into: columns)
                            let first = row * phases.sourceStride.height * tiles.source.width * tiles.voxelStride
                            add(source + first, columns, count: tile.widths.count, to: target)
                        }
                    case .openBLAS:
                        let runs = tiles.runs(tile)
                        loadRows(0..<tile.heights.count, of: tile, sample, panel, pitch: runs.pitch, into: columns)
                        add(runs, source, columns, to: target)
                    }
                }
            }
        }
        return folded(sums, workspace)
    }
    /// Adds the runs in order.
    private func folded(_ sums: Tensor, _ workspace: Workspace) -> Tensor {
        let (kernel, channels) = (geometry.kernel, slots.compactMap(\.self).count)
        var result = workspace.tensor([gradient.channels, channels, kernel.depth, kernel.height, kernel.width])
        let taps = kernel.product
        result.writeDisjointly { result in
            workspace.forEach(count: gradient.channels) { output in
                sums.read { sums in
                    let place = sums + output / panel * panelFloats + output % panel
                    for (slot, channel) in slots.enumerated() {
                        guard let channel else { continue }
                        for tap in 0..<taps {
                            var sum = 0.0
                            for run in 0..<runs {
                                sum += Double(place[run * panels * panelFloats + (tap * slots.count + slot) * panel])
                            }
                            result.base[(output * channels + channel) * taps + tap] = Float(sum)
                        }
                    }
                }
            }
        }
        return result
    }

    /// Rows of the gradient, the channels of a panel side by side, rows `pitch` voxels apart and zeros between them;
    /// zeros beyond the last block of channels.
    private func loadRows(
        _ rows: Range<Int>, of tile: GridTiles.Tile, _ sample: Int, _ panelIndex: Int, pitch: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        let (extent, blocks) = (gradient.extent, panel / FeatureMap.lanes)
        for part in 0..<blocks {
            let block = panelIndex * blocks + part
            let isThere = block < gradient.blocks
            gradient.read(sample, min(block, gradient.blocks - 1)) { values in
                for row in rows {
                    let height = tile.depth * extent.height + tile.heights.lowerBound + row
                    let first = values + (height * extent.width + tile.widths.lowerBound) * FeatureMap.lanes
                    let place = target + (row - rows.lowerBound) * pitch * panel + part * FeatureMap.lanes
                    for column in 0..<tile.widths.count {
                        let value = isThere ? Vector(at: first + column * FeatureMap.lanes) : Vector()
                        value.store(at: place + column * panel)
                    }
                    guard row + 1 < rows.upperBound, tile.widths.count < pitch else { continue }
                    for column in tile.widths.count..<pitch { Vector().store(at: place + column * panel) }
                }
            }
        }
    }

    /// One row by our own kernel.
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

    /// All rows of a tile by OpenBLAS: for every tap, channels of the source × places by places × channels of the panel.
    private func add(
        _ runs: GridTiles.Runs, _ source: UnsafePointer<Float>, _ columns: UnsafePointer<Float>,
        to target: UnsafeMutablePointer<Float>
    ) {
        for tap in phases.phases[0].taps {
            for run in 0..<runs.count {
                let places = BLAS.Matrix(
                    base: source + run * runs.runStep + tiles.offset(tap.shift), stride: runs.step)
                BLAS.multiply(
                    places.transposed, BLAS.Matrix(base: columns + run * runs.pitch * panel, stride: panel),
                    rows: slots.count, columns: panel, inner: runs.places,
                    result: target + tap.tap * slots.count * panel, resultStride: panel, adding: true)
            }
        }
    }
}
