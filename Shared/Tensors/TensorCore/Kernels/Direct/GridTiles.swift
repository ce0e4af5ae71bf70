/// The grid of a direct convolution cut into tiles, one plane deep, whose sources fit a core's second cache.
struct GridTiles: Sendable {
    let grid: Extent
    private let phases: TapPhases
    /// Grid places of a tile.
    let height: Int
    let width: Int
    /// Source voxels of a tile, shifts included. The width has room for the last group of six.
    let source: Extent
    /// Floats from a voxel of the source to the next: all its channels side by side, as matrix products read them, or
    /// one block of them.
    let voxelStride: Int
    /// Floats from a block of channels to the next.
    private let blockStride: Int

    /// Floats of a tile's source.
    private static let budget = 1 << 16
    /// Sixteen groups of six; a row of 96.
    private static let longestRow = 96

    /// - Parameters:
    ///   - slots: lanes of all blocks of channels.
    ///   - kernel: who reads the tiles; ours takes six places of a row at a time.
    init(grid: Extent, phases: TapPhases, slots: Int, for kernel: ProductKernel) {
        self.grid = grid
        self.phases = phases
        let width = min(grid.width, Self.longestRow)
        func span(_ places: Int, _ stride: Int, _ low: Int, _ high: Int) -> Int {
            (places - 1) * stride + 1 + high - low
        }
        let (low, high, stride) = (phases.lowestShift, phases.highestShift, phases.sourceStride)
        let sourceWidth = span(kernel == .own ? (width + 5) / 6 * 6 : width, stride.width, low.width, high.width)
        let sourceDepth = span(1, stride.depth, low.depth, high.depth)
        let rows = max(1, Self.budget / (slots * sourceWidth * sourceDepth))
        let height = min(grid.height, max(1, (rows - 1 - high.height + low.height) / stride.height + 1))
        source = Extent(
            depth: sourceDepth, height: span(height, stride.height, low.height, high.height), width: sourceWidth)
        self.height = height
        self.width = width
        (voxelStride, blockStride) =
            kernel == .own ? (FeatureMap.lanes, source.count * FeatureMap.lanes) : (slots, FeatureMap.lanes)
    }

    var count: Int { grid.depth * ((grid.height + height - 1) / height) * ((grid.width + width - 1) / width) }

    struct Tile {
        let depth: Int
        let heights: Range<Int>
        let widths: Range<Int>
    }

    subscript(index: Int) -> Tile {
        let (columns, rows) = ((grid.width + width - 1) / width, (grid.height + height - 1) / height)
        let (w, h, d) = (index % columns * width, index / columns % rows * height, index / columns / rows)
        return Tile(depth: d, heights: h..<min(h + height, grid.height), widths: w..<min(w + width, grid.width))
    }

    /// Copies the sources of a tile, `(depth, height, width)` voxels of all channels, zeros outside their maps.
    func load(_ tile: Tile, _ features: [Feature], sample: Int, into target: UnsafeMutablePointer<Float>) {
        let (low, stride) = (phases.lowestShift, phases.sourceStride)
        var place = target
        for feature in features {
            for block in 0..<feature.map.blocks {
                let inflow = feature.inflow(sample, block)
                feature.map.read(sample, block) { values in
                    var row = place
                    for d in 0..<source.depth {
                        for h in 0..<source.height {
                            feature.loadRow(
                                values, inflow, depth: tile.depth * stride.depth + low.depth + d,
                                height: tile.heights.lowerBound * stride.height + low.height + h,
                                first: tile.widths.lowerBound * stride.width + low.width, count: source.width,
                                into: row, step: voxelStride)
                            row += source.width * voxelStride
                        }
                    }
                }
                place += blockStride
            }
        }
    }

    /// Floats from the tile's first source voxel of a block to the one that a tap shifts to.
    func offset(_ shift: Triple) -> Int {
        let low = phases.lowestShift
        return
            (((shift.depth - low.depth) * source.height + shift.height - low.height) * source.width + shift.width
            - low.width)
            * voxelStride
    }

    /// A tile's places as rows of matrices. Without a stride one matrix takes all rows of the tile, and with them what
    /// lies between one row's end and the next one's beginning: `places` from row to row, of which the tile's width
    /// counts.
    struct Runs {
        let count: Int
        /// Places of a run.
        let places: Int
        /// Places from a row of the tile to the next.
        let pitch: Int
        /// Floats from a place of the source to the next, and from a run to the next.
        let step: Int
        let runStep: Int
    }

    func runs(_ tile: Tile) -> Runs {
        let (stride, rows, columns) = (phases.sourceStride, tile.heights.count, tile.widths.count)
        guard stride != Triple(1) else {
            return Runs(
                count: 1, places: (rows - 1) * source.width + columns, pitch: source.width, step: voxelStride,
                runStep: 0)
        }
        return Runs(
            count: rows, places: columns, pitch: columns, step: stride.width * voxelStride,
            runStep: stride.height * source.width * voxelStride)
    }

    /// The most places that `runs` gives, over all of them.
    var mostPlaces: Int { height * max(width, source.width) }
}
