/// The iliac wings: two pieces of a bowl beside the sacrum, up to the height of L4. Not labelled.
struct Pelvis: Sendable {
    private let origin: Point
    private let crest: Float
    private let scale: Float

    init(curve: SpineCurve) {
        origin = curve.sacralFrames[0].origin
        crest = curve.frames[22].origin.z - 4
        scale = curve.stature
    }

    var highest: Float { crest + 4 }

    @inline(__always)
    func distance(_ place: Point) -> Float {
        let local = (place - origin) / scale
        let side = abs(local.x)
        guard side > 44, side < 150, place.z < highest else { return 1000 }
        let flare = 1 + min(max(local.z, -60), 60) * 0.0022
        let bowl = ellipseDistance(side, local.y - 52, 128 * flare, 96 * flare)
        let half = mix(7, 3.6, min(max((side - 52) / 30, 0), 1))
        // The crest is highest beside, lower towards the sacrum and the front.
        let peak = (side - 92) / 46
        let top = place.z - (crest - 34 * peak * peak)
        let shell = smoothIntersection(abs(bowl) - half, top / scale, 4)
        let ends = max(54 - side + max(local.z, 0) * 0.1, local.y - 62)
        return smoothIntersection(shell, max(ends, -95 - local.z), 4) * scale
    }
}
