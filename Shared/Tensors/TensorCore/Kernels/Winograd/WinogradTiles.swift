/// A volume cut into tiles of 4³ outputs, numbered depth, height, width; tiles at the far edges reach beyond it.
struct WinogradTiles: Sendable {
    let extent: Extent
    let depth: Int
    let height: Int
    let width: Int

    init(_ extent: Extent) {
        self.extent = extent
        depth = (extent.depth + 3) / 4
        height = (extent.height + 3) / 4
        width = (extent.width + 3) / 4
    }

    var count: Int { depth * height * width }

    /// Tiles side by side along the width.
    struct Run {
        /// First voxel of the first tile.
        let depth: Int
        let height: Int
        let width: Int
        let count: Int
        /// The number of the first tile.
        let first: Int
    }

    /// Calls `body` for the runs of at most `longest` tiles that make up `tiles`.
    @inline(__always) func forEachRun(_ tiles: Range<Int>, longest: Int, _ body: (Run) -> Void) {
        var tile = tiles.lowerBound
        while tile < tiles.upperBound {
            let column = tile % width
            let count = min(longest, width - column, tiles.upperBound - tile)
            body(
                Run(
                    depth: tile / (width * height) * 4, height: tile / width % height * 4, width: column * 4,
                    count: count, first: tile))
            tile += count
        }
    }
}
