/// C1: a ring of two arches and two lateral masses around the dens.
struct Atlas: Sendable {
    let scale: Float

    @inline(__always)
    func distance(_ place: Point) -> Float {
        let side = Point(abs(place.x), place.y, place.z) / scale
        let ring = ellipseDistance(side.x, side.y + 9, 20, 21)
        let behind: Float = side.y < -9 ? 3.2 : 3.8
        let arches = ((ring / behind) * (ring / behind) + (side.z / 5) * (side.z / 5)).squareRoot() * behind - behind
        let mass = ellipsoidDistance(side - Point(19, -4, 0), Point(8, 10, 8.5))
        let transverse = capsuleDistance(side, Point(22, -7, 0), Point(37, -9, -2), 3.6)
        return smoothUnion(smoothUnion(arches, mass, 3), transverse, 3) * scale
    }

    var reach: Float { 44 * scale }
}
