import Volumes

/// A straight tube with round ends.
struct Tube: Sendable {
    var from: Point
    var to: Point
    var radius: Float

    /// Of boxes around its ends; turned windows see more of a ball than its own box.
    var corners: [Point] {
        let reach = Point(radius, radius, radius) * 1.8
        return [from, to].flatMap { end in Point.corners.map { end + reach * $0 } }
    }
}

extension Point {
    /// Of the cube ±1.
    static let corners: [Point] = (0..<8).map { corner in
        let (x, y, z): (Float, Float, Float) = (
            corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1, corner & 4 == 0 ? -1 : 1
        )
        return Point(x, y, z)
    }
}
