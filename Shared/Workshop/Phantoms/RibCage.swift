#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Twelve pairs of ribs: tubes that start behind at their vertebra and sink as they go round the chest. Not labelled.
struct RibCage: Sendable {
    /// Of the rib heads.
    private let heights: [Float]
    private let scale: Float

    init(curve: SpineCurve) {
        scale = curve.stature
        heights = (7..<19).map { level in
            let frame = curve.frames[level]
            return frame.world(Point(0, -curve.shapes[level].depth / 2, curve.shapes[level].height * 0.28)).z
        }
    }

    /// Signed distance to the nearest rib, or a large number far from all.
    @inline(__always)
    func distance(_ place: Point, _ section: Section) -> Float {
        let x = place.x - section.spine.x
        let y = place.y - section.cageY
        let across = ellipseDistance(x, y, section.cageWidth, section.cageDepth)
        guard abs(across) < 14, abs(x) > section.bodyWidth else { return 1000 }
        // 0 behind, π in front.
        let angle = atan2f(abs(x) / section.cageWidth, -y / section.cageDepth)
        let fall = (1 - cosf(angle)) * 0.5
        var nearest: Float = 1000
        for (index, height) in heights.enumerated() {
            let drop = (30 + 6 * Float(min(index, 8))) * 1.6 * fall * scale
            let limit: Float = index == 11 ? 0.9 : (index == 10 ? 1.35 : 2.6)
            let along = place.z - (height - drop)
            guard abs(along) < 16, angle < limit else { continue }
            let tube = ((across / 0.7) * (across / 0.7) + along * along * 0.7).squareRoot() - 5.2 * scale
            nearest = min(nearest, tube)
        }
        return nearest
    }
}
