import Faults
import Statistics
import Volumes

/// What of an anatomical scene is shown, and on which grid.
package struct AnatomicalView: Sendable, Hashable {
    package enum Coverage: Sendable, Hashable {
        /// Centred on these `spine-25` values (1 = C1 … 25 = sacrum), all of them in view where the size is left out.
        case levels(ClosedRange<UInt8>)
        /// Centred somewhere: mostly near a level, now and then beside the spine; some fields of view are cut short.
        case anywhere
    }

    package var coverage: Coverage
    /// Voxels along i, j, k, at most where `coverage` is anywhere; nil: as large as the levels and the trunk need.
    package var size: [Int]?
    /// Along i, j, k.
    package var spacingInMillimetres: [Double]
    /// Where i, j, k grow to.
    package var orientation: String
    /// Whether the patient lies turned and off the middle by chance.
    package var isTurned = true

    package init(
        coverage: Coverage, size: [Int]?, spacingInMillimetres: [Double], orientation: String = "RAS",
        isTurned: Bool = true
    ) {
        self.coverage = coverage
        self.size = size
        self.spacingInMillimetres = spacingInMillimetres
        self.orientation = orientation
        self.isTurned = isTurned
    }

    /// - Throws: `PhantomError` naming the first value that makes no sense.
    package func validate() throws(PhantomError) {
        var same = PhantomConfiguration(
            coverage: .anywhere, size: size, spacingInMillimetres: spacingInMillimetres, orientation: orientation)
        if case .levels(let levels) = coverage { same.coverage = .levels(levels) }
        try same.validate()
        if coverage == .anywhere, size == nil {
            throw PhantomError(.invalidConfiguration, "a view of anywhere needs a size in voxels, got none")
        }
    }

    func window(on skeleton: Skeleton, _ random: inout SplitMix64) -> SceneWindow {
        let directions = (Orientation(orientation) ?? .ras).directions
        var turn = Frame(origin: .zero, right: Point(1, 0, 0), front: Point(0, 1, 0), up: Point(0, 0, 1))
        if isTurned {
            let wild: Float = random.chance(10) ? 3 : 1
            turn = Frame(
                sagittal: radians(random.normal() * 5 * wild), coronal: radians(random.normal() * 4 * wild),
                axial: radians(random.normal() * 6 * wild))
        }
        let origins = skeleton.origins
        switch coverage {
        case .levels(let levels):
            let top = origins[Int(levels.lowerBound) - 1].z + 15
            let bottom = levels.upperBound == 25 ? origins[28].z - 25 : origins[Int(levels.upperBound) - 1].z - 25
            let middles = origins.filter { $0.z < top + 1 && $0.z > bottom - 1 }
            let front = middles.map(\.y)
            let y = ((front.min() ?? 0) + (front.max() ?? 0)) / 2
            let extent = [200, 190 + ((front.max() ?? 0) - (front.min() ?? 0)) * 0.5, top - bottom].map(Double.init)
            let size =
                self.size
                ?? (0..<3).map { max(4, Int(extent[directions[$0].worldAxis] / spacingInMillimetres[$0])) }
            let x = middles.map(\.x).reduce(0, +) / Float(max(middles.count, 1))
            return SceneWindow(
                size: size, spacing: spacingInMillimetres, orientation: orientation,
                centre: Point(x, y - 12, (top + bottom) / 2), turn: turn)
        case .anywhere:
            let (centre, size) = drawn(origins, directions.map(\.worldAxis), &random)
            return SceneWindow(
                size: size, spacing: spacingInMillimetres, orientation: orientation, centre: centre, turn: turn)
        }
    }

    /// Four of five windows have a level near their middle; a fifth of them see less than they could.
    private func drawn(_ origins: [Point], _ worldAxes: [Int], _ random: inout SplitMix64) -> (Point, [Int]) {
        let level = Int(random.next() % 27)
        let beside = random.chance(15)
        let reach = beside ? Point(130, 90, 90) : Point(35, 35, 30)
        var centre = origins[min(level, origins.count - 1)] + Point(0, beside ? 30 : -10, 0)
        centre += Point(random.signed(), random.signed(), random.signed()) * reach
        var size = size ?? [96, 96, 96]
        for axis in 0..<3 where random.chance(worldAxes[axis] == 2 ? 15 : 6) {
            let least = max(Int(60 / spacingInMillimetres[axis]), 4)
            if least < size[axis] { size[axis] = least + Int(random.next() % UInt64(size[axis] - least + 1)) }
        }
        return (centre, size)
    }
}
