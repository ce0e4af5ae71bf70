/// Which source image each plane of a label map was drawn on.
struct SourcePlanes {
    struct Match {
        /// Into `SourceSeries.images`.
        let image: Int
        /// Whether the plane is that image's, pixel for pixel; otherwise the image is the nearest of a series whose slices were resampled.
        let isSame: Bool
    }

    let matches: [Match]

    /// In millimetres: positions are often written with one decimal, and a series that deviates by so much is read as a regular grid.
    private static let tolerance = 0.101

    /// The images are in the order of their normal, as `SourceSeries` keeps them.
    init(_ grid: FrameGrid, _ source: SourceSeries) {
        let normal = FrameGrid.unit(FrameGrid.normal(source.orientation))
        let positions = source.images.map { FrameGrid.vector($0.position, 0) }
        let depths = positions.map { (normal * $0).sum() }
        let isParallel = zip(grid.orientation, source.orientation).allSatisfy { abs($0 - $1) < 1e-3 }
        matches = (0..<grid.planes).map { plane in
            let position = grid.position(ofPlane: plane)
            let nearest = Self.nearest(to: (normal * position).sum(), in: depths)
            let isSame = isParallel && FrameGrid.length(positions[nearest] - position) < Self.tolerance
            return Match(image: nearest, isSame: isSame)
        }
    }

    private static func nearest(to depth: Double, in depths: [Double]) -> Int {
        var (low, high) = (0, depths.count)
        while low < high {
            let middle = (low + high) / 2
            if depths[middle] < depth { low = middle + 1 } else { high = middle }
        }
        if low == depths.count { return low - 1 }
        return low > 0 && depth - depths[low - 1] <= depths[low] - depth ? low - 1 : low
    }
}
