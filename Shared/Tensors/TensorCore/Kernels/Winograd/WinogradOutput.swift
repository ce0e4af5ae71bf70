/// The output's side: products at 216 points through Aᵀ along each axis to 4³ voxels, then what follows the
/// convolution.
struct WinogradOutput: Sendable {
    let tiles: WinogradTiles
    static let scratch = (144 + 96 + 64) * FeatureMap.lanes

    /// Transforms one block of channels of `range`'s tiles from `products` (point p of tile t at `p · pointStride + (t
    /// − first) · tileStride`) and hands its rows to `outflow`.
    func transform(
        _ range: Range<Int>, products: UnsafePointer<Float>, pointStride: Int, tileStride: Int, outflow: inout Outflow,
        scratch: UnsafeMutablePointer<Float>
    ) {
        tiles.forEachRun(range, longest: tiles.width) { run in
            for tile in 0..<run.count {
                prefetch(run.depth, run.height, run.width + tile * 4, outflow)
                let source = products + (run.first - range.lowerBound + tile) * tileStride
                let voxels = Self.voxels(source, pointStride, scratch)
                write(voxels, run.depth, run.height, run.width + tile * 4, &outflow)
            }
        }
    }

    /// 4³ voxels of eight channels, somewhere in `scratch`.
    @inline(__always)
    private static func voxels(
        _ source: UnsafePointer<Float>, _ pointStride: Int, _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafeMutablePointer<Float> {
        let (lines, planes, lanes) = (scratch, scratch + 144 * FeatureMap.lanes, FeatureMap.lanes)
        for line in 0..<36 {
            Winograd.store(
                Winograd.output(Winograd.loadSix(source + line * 6 * pointStride, pointStride)),
                lines + line * 4 * lanes, lanes)
        }
        // (depth point, height point, width) → (depth point, height, width)
        for depth in 0..<6 {
            for width in 0..<4 {
                Winograd.store(
                    Winograd.output(Winograd.loadSix(lines + (depth * 24 + width) * lanes, 4 * lanes)),
                    planes + (depth * 16 + width) * lanes,
                    4 * lanes)
            }
        }
        let voxels = scratch + 240 * lanes
        for place in 0..<16 {
            Winograd.store(
                Winograd.output(Winograd.loadSix(planes + place * lanes, 16 * lanes)), voxels + place * lanes,
                16 * lanes)
        }
        return voxels
    }

    @inline(__always)
    private func write(
        _ voxels: UnsafePointer<Float>, _ depth: Int, _ height: Int, _ width: Int, _ outflow: inout Outflow
    ) {
        let columns = min(4, tiles.extent.width - width)
        var partial = Outflow.Partial()
        forEachRow(depth, height, width) { d, h, voxel in
            outflow.write(voxels + (d * 4 + h) * 4 * FeatureMap.lanes, count: columns, at: voxel, &partial)
        }
        outflow.note(partial)
    }

    /// The lines that the tile's results will go to: they arrive while the transform is computed.
    @inline(__always)
    private func prefetch(_ depth: Int, _ height: Int, _ width: Int, _ outflow: Outflow) {
        let columns = min(4, tiles.extent.width - width)
        forEachRow(depth, height, width) { _, _, voxel in outflow.prefetch(count: columns, at: voxel) }
    }

    /// The rows of a tile that lie in the volume, with the first voxel of each.
    @inline(__always)
    private func forEachRow(
        _ depth: Int, _ height: Int, _ width: Int, _ body: (_ d: Int, _ h: Int, _ voxel: Int) -> Void
    ) {
        let extent = tiles.extent
        for d in 0..<min(4, extent.depth - depth) {
            for h in 0..<min(4, extent.height - height) {
                body(d, h, ((depth + d) * extent.height + height + h) * extent.width + width)
            }
        }
    }
}
