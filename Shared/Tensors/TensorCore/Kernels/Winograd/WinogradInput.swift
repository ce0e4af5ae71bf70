/// The input's side of Winograd's convolution: tiles of 6³ voxels, one more on each side than the outputs, through Bᵀ
/// along each axis.
struct WinogradInput: Sendable {
    let feature: Feature
    let tiles: WinogradTiles

    /// Tiles that are transformed together, so that their shared columns are only once: 36 rows of 18 voxels fit a
    /// core's first cache.
    private static let run = 4
    private static let columns = run * 4 + 2
    static let scratch = 36 * columns * FeatureMap.lanes

    /// Writes the transform of one block of channels of `range`'s tiles to `target`: point p of tile t at `p ·
    /// pointStride + (t − first) · tileStride`.
    func transform(
        _ range: Range<Int>, sample: Int, block: Int, into target: UnsafeMutablePointer<Float>, pointStride: Int,
        tileStride: Int,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let inflow = feature.inflow(sample, block)
        feature.map.read(sample, block) { source in
            tiles.forEachRun(range, longest: Self.run) { run in
                prefetch(run, source + feature.map.blockStride)
                load(run, source, inflow, scratch)
                Self.transformPlanes(scratch, columns: run.count * 4 + 2)
                let first = target + (run.first - range.lowerBound) * tileStride
                for line in 0..<36 {
                    let row = scratch + line * Self.columns * FeatureMap.lanes
                    let place = first + line * 6 * pointStride
                    for tile in 0..<run.count {
                        Winograd.store(
                            Winograd.input(Winograd.loadSix(row + tile * 32, FeatureMap.lanes)),
                            place + tile * tileStride, pointStride)
                    }
                }
            }
        }
    }

    private func load(
        _ run: WinogradTiles.Run, _ source: UnsafePointer<Float>, _ inflow: Inflow,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        for depth in 0..<6 {
            for height in 0..<6 {
                feature.loadRow(
                    source, inflow, depth: run.depth + depth - 1, height: run.height + height - 1, first: run.width - 1,
                    count: run.count * 4 + 2, into: scratch + (depth * 6 + height) * Self.columns * FeatureMap.lanes)
            }
        }
    }

    /// The same rows of the next block, which will be read next. Addresses beyond the map do no harm.
    private func prefetch(_ run: WinogradTiles.Run, _ next: UnsafePointer<Float>) {
        let extent = tiles.extent
        for depth in run.depth - 1..<run.depth + 5 {
            for height in run.height - 1..<run.height + 5 {
                let row = next + ((depth * extent.height + height) * extent.width + run.width - 1) * FeatureMap.lanes
                Prefetch.toRead(row, floats: (run.count * 4 + 2) * FeatureMap.lanes)
            }
        }
    }

    /// Along depth, then along height, in place.
    private static func transformPlanes(_ scratch: UnsafeMutablePointer<Float>, columns: Int) {
        let row = Self.columns * FeatureMap.lanes
        for height in 0..<6 {
            for column in 0..<columns {
                let place = scratch + height * row + column * FeatureMap.lanes
                Winograd.store(Winograd.input(Winograd.loadSix(place, 6 * row)), place, 6 * row)
            }
        }
        for depth in 0..<6 {
            for column in 0..<columns {
                let place = scratch + depth * 6 * row + column * FeatureMap.lanes
                Winograd.store(Winograd.input(Winograd.loadSix(place, row)), place, row)
            }
        }
    }
}
