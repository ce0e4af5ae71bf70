/// The base of the skull and the vault above it. Not labelled.
struct Skull: Sendable {
    private let origin: Point
    private let scale: Float

    init(curve: SpineCurve) {
        scale = curve.stature
        origin = curve.frames[0].origin + Point(0, 20, 84) * scale
    }

    var lowest: Float { origin.z - 84 * scale }

    /// Distance to the bone, and to the brain's outline.
    @inline(__always)
    func distances(_ place: Point) -> (bone: Float, inside: Float) {
        let local = (place - origin) / scale
        let vault = ellipsoidDistance(local, Point(66, 86, 72))
        let hole = ellipseDistance(local.x, local.y + 24, 15, 17)
        let shell = abs(vault) - (local.z < -45 ? 4.5 : 3.5)
        return (local.z < 0 ? max(shell, -hole) : shell, vault)
    }
}
