/// Sections every millimetre along z.
struct SectionTable: Sendable {
    let sections: [Section]
    private let lowest: Float

    init(curve: SpineCurve, girth: Float, lowest: Float, highest: Float) {
        self.init(origins: curve.origins, stature: curve.stature, girth: girth, lowest: lowest, highest: highest)
    }

    /// - Parameter origins: of 24 vertebrae and 5 sacral segments, downwards.
    init(origins: [Point], stature: Float, girth: Float, lowest: Float, highest: Float) {
        self.lowest = lowest
        let count = max(1, Int(highest - lowest) + 2)
        sections = (0..<count).map { bin in
            let (level, spine) = SectionTable.locate(lowest + Float(bin), origins)
            return Section(level: level, spine: spine, scale: stature, girth: girth)
        }
    }

    @inline(__always)
    func index(of z: Float) -> Int { min(max(Int(z - lowest + 0.5), 0), sections.count - 1) }

    private static func locate(_ z: Float, _ origins: [Point]) -> (Float, SIMD2<Float>) {
        func middle(_ point: Point) -> SIMD2<Float> { SIMD2(point.x, point.y) }
        guard let first = origins.first, let last = origins.last else { return (0, .zero) }
        if z >= first.z { return ((first.z - z) / 15, middle(first)) }
        for (index, pair) in zip(origins, origins.dropFirst()).enumerated() where z > pair.1.z {
            let share = (pair.0.z - z) / (pair.0.z - pair.1.z)
            return (Float(index) + share, middle(pair.0) * (1 - share) + middle(pair.1) * share)
        }
        return (Float(origins.count - 1) + (last.z - z) / 15, middle(last))
    }
}
