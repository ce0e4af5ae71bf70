import Volumes

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Frame {
    /// Axes as the columns of three rows.
    init(origin: Point, columns rows: [[Float]]) {
        self.init(
            origin: origin, right: Point(rows[0][0], rows[1][0], rows[2][0]),
            front: Point(rows[0][1], rows[1][1], rows[2][1]), up: Point(rows[0][2], rows[1][2], rows[2][2]))
    }

    init(origin: Point, right: Point, front: Point, up: Point) {
        self.init(sagittal: 0, coronal: 0, axial: 0)
        (self.origin, self.right, self.front, self.up) = (origin, right, front, up)
    }

    /// Upright along `up`, looking to `forward` as far as that allows.
    init(origin: Point, up: Point, forward: Point = Point(0, 1, 0)) {
        let up = up / up.length
        var front = forward - up * forward.dot(up)
        front /= front.length
        self.init(origin: origin, right: front.cross(up), front: front, up: up)
    }

    /// A direction of its own, in the world.
    func turned(_ own: Point) -> Point { right * own.x + front * own.y + up * own.z }

    /// Another frame, given in this one.
    func placed(_ other: Frame) -> Frame {
        Frame(
            origin: world(other.origin), right: turned(other.right), front: turned(other.front), up: turned(other.up))
    }

    /// The same in the mirror x → −x of the frame it is given in.
    var mirrored: Frame {
        let flip = Point(-1, 1, 1)
        return Frame(origin: origin * flip, right: right * flip * -1, front: front * flip, up: up * flip)
    }

    /// How the world looks from here.
    var inverse: Frame {
        let rows = (
            Point(right.x, front.x, up.x), Point(right.y, front.y, up.y), Point(right.z, front.z, up.z)
        )
        let back = Point(origin.dot(right), origin.dot(front), origin.dot(up)) * -1
        return Frame(origin: back, right: rows.0, front: rows.1, up: rows.2)
    }

    /// Tipped forward about its own x, radians.
    func tipped(_ angle: Float) -> Frame {
        let (sine, cosine) = (sinf(angle), cosf(angle))
        return Frame(
            origin: origin, right: right, front: front * cosine + up * sine, up: up * cosine - front * sine)
    }

    /// Between two directions, a share of the way to the other's.
    func turned(to other: Frame, share: Float) -> Frame {
        Frame(
            origin: origin, up: up * (1 - share) + other.up * share, forward: front * (1 - share) + other.front * share)
    }
}
