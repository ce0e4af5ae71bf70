import Volumes

/// One vertebra of a phantom: C2 to L5 (`Atlas` is C1, `Sacrum` the rest).
struct Vertebra: Sendable {
    let shape: VertebraShape
    let isAxis: Bool
    private let canal: Float
    private let archFront: Float
    private let bodyBack: Float
    private let pedicleStart: Point
    private let pedicleEnd: Point
    private let laminaEnd: Point
    private let jointTop: Point
    private let jointBottom: Point
    private let transverseStart: Point

    init(_ shape: VertebraShape, level: Int) {
        self.shape = shape
        isAxis = level == 1
        canal = shape.canalCentre
        let joint = Point(shape.jointOffset, canal - shape.canalHalfDepth * 0.4, 0)
        let lift = level < 7 ? 0 : shape.height * 0.2
        pedicleStart = Point(min(shape.width * 0.36, shape.jointOffset), -shape.depth * 0.36, lift)
        pedicleEnd = Point(shape.canalHalfWidth + shape.pedicleRadius, canal, lift)
        laminaEnd = Point(0, canal - shape.canalHalfDepth - 2.5, -shape.height * 0.15)
        jointTop = joint + Point(0, 1, shape.height * 0.5)
        jointBottom = joint - Point(1, 1, shape.height * 0.55)
        archFront = max(pedicleStart.y + shape.pedicleRadius, shape.transverseTip.y + shape.transverseRadius) + 6
        bodyBack = -shape.depth / 2 - 6
        transverseStart =
            level < 7 ? Point(shape.width * 0.4, shape.transverseTip.y, -2) : joint + Point(0, 1, shape.height * 0.12)
    }

    /// Signed distance to the bone from a place in the vertebra's own frame, millimetres.
    @inline(__always)
    func distance(_ place: Point) -> Float {
        let side = Point(abs(place.x), place.y, place.z)
        // Body and arch each fill one half of the frame; far from one the other decides alone.
        if side.y > archFront { return body(side) }
        if side.y < bodyBack { return arch(side) }
        return smoothUnion(body(side), arch(side), 2)
    }

    /// An oval column with a waist, concave endplates and a flat back.
    @inline(__always)
    func body(_ place: Point) -> Float {
        let relative = 2 * place.z / shape.height
        let waist = 1 - 0.1 * max(0, 1 - relative * relative)
        let a = shape.width / 2 * waist
        let b = shape.depth / 2 * waist
        var outline = ellipseDistance(place.x, place.y, a, b * 1.12)
        outline = smoothIntersection(outline, -place.y - b * 0.92, 4)
        let radial = min((place.x / a) * (place.x / a) + (place.y / b) * (place.y / b), 1)
        let half = shape.height / 2 - 1.1 * (1 - radial) + shape.wedge * 0.5 * place.y / shape.depth
        var column = smoothIntersection(outline, abs(place.z) - half, 2.5)
        if isAxis {
            // The dens reaches up into the ring of C1.
            let dens = capsuleDistance(place, Point(0, 1, 6), Point(0, 1, 22), 5.2)
            column = smoothUnion(column, dens, 4)
        }
        return column
    }

    @inline(__always)
    private func arch(_ place: Point) -> Float {
        let pedicle = bladeDistance(place, pedicleStart, pedicleEnd, shape.pedicleRadius, shape.pedicleRadius * 1.35)
        let joint = capsuleDistance(place, jointTop, jointBottom, shape.jointRadius)
        let lamina = bladeDistance(
            place, Point(shape.jointOffset - 1, canal - shape.canalHalfDepth * 0.55, -1), laminaEnd, 3,
            shape.height * 0.36)
        let transverse = capsuleDistance(place, transverseStart, shape.transverseTip, shape.transverseRadius)
        let spinous = bladeDistance(
            place, laminaEnd, shape.spinousTip, shape.spinousHalfThickness, shape.spinousHalfHeight)
        var distance = smoothUnion(pedicle, joint, 3)
        distance = smoothUnion(distance, lamina, 2)
        distance = smoothUnion(distance, transverse, 3)
        distance = smoothUnion(distance, spinous, 3)
        // The canal stays open whatever the fillets did.
        return max(distance, -ellipseDistance(place.x, place.y - canal, shape.canalHalfWidth, shape.canalHalfDepth))
    }

    /// Farthest the bone reaches from the origin, millimetres.
    var reach: Float {
        max(
            shape.transverseTip.length + shape.transverseRadius, shape.spinousTip.length + shape.spinousHalfHeight,
            shape.height) + 4
    }
}
