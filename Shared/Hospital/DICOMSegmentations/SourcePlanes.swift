import Volumes

/// Which source image each plane of a label map was drawn on.
struct SourcePlanes {
    struct Match {
        /// Into `SourceSeries.images`.
        let image: Int
        /// Whether the plane is that image's, pixel for pixel; otherwise the image is the nearest of a series whose
        /// slices were resampled.
        let isSame: Bool
        /// How far the plane lies before the first image or behind the last one, in millimetres; 0 between them.
        let beyond: Double
    }

    let matches: [Match]
    /// The largest step from one image to the next, 0 for a single one.
    let largestStep: Double

    /// In millimetres: positions are often written with one decimal, and a series that deviates by so much is read as a
    /// regular grid.
    private static let tolerance = 0.101

    /// The images are in the order of their normal, as `SourceSeries` keeps them.
    init(_ grid: FrameGrid, _ source: SourceSeries) {
        let normal = FrameGrid.normal(source.orientation).normalized
        let positions = source.images.map { FrameGrid.vector($0.position, 0) }
        let depths = positions.map { normal.dot($0) }
        let isParallel = zip(grid.orientation, source.orientation).allSatisfy { abs($0 - $1) < 1e-3 }
        largestStep = zip(depths.dropFirst(), depths).map { $0 - $1 }.max() ?? 0
        matches = (0..<grid.planes).map { plane in
            let position = grid.position(ofPlane: plane)
            let depth = normal.dot(position)
            let nearest = Self.nearest(to: depth, in: depths)
            let isSame = isParallel && (positions[nearest] - position).length < Self.tolerance
            let beyond = max(0, depths[0] - depth, depth - depths[depths.count - 1])
            return Match(image: nearest, isSame: isSame, beyond: isParallel ? beyond : 0)
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
