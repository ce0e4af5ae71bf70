/// The grid of a direct convolution cut into tiles, one plane deep, whose sources fit a core's second cache.
struct GridTiles: Sendable {
    let grid: Extent
    private let phases: TapPhases
    /// Grid places of a tile.
    let height: Int
    let width: Int
    /// Source voxels of a tile, shifts included. The width has room for the last group of six.
    let source: Extent

    /// Floats of a tile's source.
    private static let budget = 1 << 16
    /// Sixteen groups of six; a row of 96.
    private static let longestRow = 96

    /// `slots`: lanes of all blocks of channels.
    init(grid: Extent, phases: TapPhases, slots: Int) {
        self.grid = grid
        self.phases = phases
        let width = min(grid.width, Self.longestRow)
        func span(_ places: Int, _ stride: Int, _ low: Int, _ high: Int) -> Int {
            (places - 1) * stride + 1 + high - low
        }
        let (low, high, stride) = (phases.lowestShift, phases.highestShift, phases.sourceStride)
        let sourceWidth = span((width + 5) / 6 * 6, stride.width, low.width, high.width)
        let sourceDepth = span(1, stride.depth, low.depth, high.depth)
        let rows = max(1, Self.budget / (slots * sourceWidth * sourceDepth))
        let height = min(grid.height, max(1, (rows - 1 - high.height + low.height) / stride.height + 1))
        source = Extent(
            depth: sourceDepth, height: span(height, stride.height, low.height, high.height), width: sourceWidth)
        self.height = height
        self.width = width
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

    /// Copies the sources of a tile, block by block of channels, `(block, depth, height, width, 8)`, zeros outside
    /// their maps.
    func load(_ tile: Tile, _ features: [Feature], sample: Int, into target: UnsafeMutablePointer<Float>) {
        let (low, stride) = (phases.lowestShift, phases.sourceStride)
        var row = target
        for feature in features {
            for block in 0..<feature.map.blocks {
                let inflow = feature.inflow(sample, block)
                feature.map.read(sample, block) { values in
                    for d in 0..<source.depth {
                        for h in 0..<source.height {
                            feature.loadRow(
                                values, inflow, depth: tile.depth * stride.depth + low.depth + d,
                                height: tile.heights.lowerBound * stride.height + low.height + h,
                                first: tile.widths.lowerBound * stride.width + low.width, count: source.width, into: row
                            )
                            row += source.width * FeatureMap.lanes
                        }
                    }
                }
            }
        }
    }

    /// Floats from the tile's first source voxel of a block to the one that a tap shifts to.
    func offset(_ shift: Triple) -> Int {
        let low = phases.lowestShift
        return
            (((shift.depth - low.depth) * source.height + shift.height - low.height) * source.width + shift.width
            - low.width)
            * FeatureMap.lanes
    }
}
