import Volumes

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A right-handed frame in the world: RAS+ millimetres.
struct Frame: Sendable {
    var origin: Point
    var right: Point
    var front: Point
    var up: Point

    /// Inclined to the front by `sagittal`, to the right by `coronal`, turned about its own axis by `axial`; radians.
    init(sagittal: Float, coronal: Float, axial: Float) {
        origin = .zero
        let (sine, cosine) = (sinf(sagittal), cosf(sagittal))
        let (tilt, level) = (sinf(coronal), cosf(coronal))
        up = Point(tilt * cosine, sine, level * cosine)
        let side = Point(level, 0, -tilt)
        let ahead = Point(-tilt * sine, cosine, -level * sine)
        right = side * cosf(axial) + ahead * sinf(axial)
        front = ahead * cosf(axial) - side * sinf(axial)
    }

    @inline(__always)
    func local(_ place: Point) -> Point {
        let offset = place - origin
        return Point(offset.dot(right), offset.dot(front), offset.dot(up))
    }

    func world(_ place: Point) -> Point { origin + right * place.x + front * place.y + up * place.z }
}
