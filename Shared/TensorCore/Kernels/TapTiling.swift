/// How a grid is cut into tiles of whole rows, and how a tile lies in working memory:
/// `[channel][phase depth][phase height][phase width][depth + halo][height + halo][width + halo]`.
///
/// The choice depends on sizes only, never on the number of threads.
struct TapTiling: Sendable {
    let grid: Extent
    let halo: Int
    /// Phases along an axis.
    let phases: Int
    /// Planes and rows of the grid in one tile; the last along an axis may have fewer.
    let depth: Int
    let height: Int

    /// Vectors read past a plane's last position: working memory has this many floats more.
    static let slack = 64

    /// For sums over channels: the tile with the least border whose channels stay in a core's second-level cache (384 KiB of it).
    init(grid: Extent, plan: TapPlan, channels: Int) {
        let rows = 96 * 1024 / (channels * plan.sourceStride * plan.sourceStride * plan.sourceStride * (grid.width + plan.halo))
        self.init(grid: grid, plan: plan) { depth, height in (depth + plan.halo) * (height + plan.halo) <= rows }
    }

    /// For sums over positions, which take one channel after the other: the tile with the least border whose positions, for four output
    /// channels and an input channel, stay in the first-level cache.
    init(positionsOf grid: Extent, plan: TapPlan) {
        let rows = 1400 / (grid.width + plan.halo)
        self.init(grid: grid, plan: plan) { depth, height in depth * height <= rows }
    }

    private init(grid: Extent, plan: TapPlan, fits: (_ depth: Int, _ height: Int) -> Bool) {
        self.grid = grid
        halo = plan.halo
        phases = plan.sourceStride
        var best = (depth: 1, height: 1, border: Double.infinity)
        for depth in 1...min(8, grid.depth) {
            guard let height = (1...grid.height).last(where: { fits(depth, $0) }) else { break }
            let border = Double((depth + plan.halo) * (height + plan.halo)) / Double(depth * height)
            if border < best.border { best = (depth, height, border) }
        }
        depth = best.depth
        height = best.height
    }

    var rowWidth: Int { grid.width + halo }
    var planeSize: Int { (height + halo) * rowWidth }
    var phaseSize: Int { (depth + halo) * planeSize }
    var channelStride: Int { phases * phases * phases * phaseSize }
    func workingSize(channels: Int) -> Int { channels * channelStride + Self.slack }

    var tilesInDepth: Int { (grid.depth + depth - 1) / depth }
    var tilesInHeight: Int { (grid.height + height - 1) / height }
    var tileCount: Int { tilesInDepth * tilesInHeight }

    /// One tile's place in the grid.
    struct Tile {
        let depths: Range<Int>
        let heights: Range<Int>
    }

    func tile(_ index: Int) -> Tile {
        let d = index / tilesInHeight * depth
        let h = index % tilesInHeight * height
        return Tile(depths: d..<min(d + depth, grid.depth), heights: h..<min(h + height, grid.height))
    }

    /// From a voxel's flat position in phase 0 to the voxel a tap multiplies.
    func offset(_ d: TapPlan.Tap, _ h: TapPlan.Tap, _ w: TapPlan.Tap) -> Int {
        ((d.phase * phases + h.phase) * phases + w.phase) * phaseSize + d.shift * planeSize + h.shift * rowWidth + w.shift
    }

    /// Copies `channels` channels of one sample's source, beginning at `source`, into `working`.
    func load(
        _ tile: Tile, of source: UnsafePointer<Float>, extent: Extent, channels: Int, plan: TapPlan,
        into working: UnsafeMutablePointer<Float>
    ) {
        var target = working
        for channel in 0..<channels {
            let volume = source + channel * extent.count
            for phase in 0..<phases * phases * phases {
                let (pd, ph, pw) = (phase / (phases * phases), phase / phases % phases, phase % phases)
                for s in 0..<depth + halo {
                    let d = (tile.depths.lowerBound + s) * plan.sourceStride + pd + plan.sourceOrigin
                    for t in 0..<height + halo {
                        let h = (tile.heights.lowerBound + t) * plan.sourceStride + ph + plan.sourceOrigin
                        if d < 0 || d >= extent.depth || h < 0 || h >= extent.height {
                            target.update(repeating: 0, count: rowWidth)
                        } else {
                            loadRow(volume + (d * extent.height + h) * extent.width, extent.width, first: pw + plan.sourceOrigin, target)
                        }
                        target += rowWidth
                    }
                }
            }
        }
        target.update(repeating: 0, count: Self.slack)
    }

    @inline(__always)
    private func loadRow(_ row: UnsafePointer<Float>, _ width: Int, first: Int, _ target: UnsafeMutablePointer<Float>) {
        let stride = phases
        let begin = first < 0 ? 1 : 0
        let end = min(rowWidth, (width - first + stride - 1) / stride)
        if begin > 0 { target[0] = 0 }
        if stride == 1 {
            (target + begin).update(from: row + (begin + first), count: end - begin)
        } else {
            for position in begin..<max(begin, end) { target[position] = row[position * 2 + first] }
        }
        if end < rowWidth { (target + end).update(repeating: 0, count: rowWidth - end) }
    }
}
