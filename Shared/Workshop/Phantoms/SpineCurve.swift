import Statistics

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where each vertebra and each sacral segment of one phantom sits.
///
/// Vertebrae are stacked from C1 down, each half a body and half a disc from the next along their own axes, whose
/// inclinations follow the physiological curves (cervical lordosis, thoracic kyphosis, lumbar lordosis, sacral
/// kyphosis).
struct SpineCurve: Sendable {
    let shapes: [VertebraShape]
    let frames: [Frame]
    let sacralFrames: [Frame]
    /// Linear size of this phantom.
    let stature: Float

    /// Of the sacral segments, before scaling.
    static let sacralHeights: [Float] = [27, 24, 20, 17, 15]

    init(generator: inout SplitMix64, scoliosisInDegrees: Float) {
        let stature = generator.value(in: 0.93...1.05)
        let curvature = generator.value(in: 0.75...1.2)
        let lean = generator.value(in: -3...3)
        let bend = scoliosisInDegrees * generator.signed()
        let phase = generator.value(in: 0...6.28)
        let wave = generator.value(in: 9...16)
        func frame(_ level: Float) -> Frame {
            let angle = bend * sinf(level / wave * 6.2832 + phase)
            let jitter = Point(generator.signed(), generator.signed(), generator.signed())
            return Frame(
                sagittal: radians(SpineCurve.inclination(level) * curvature + lean + jitter.x * 1.2),
                coronal: radians(angle + jitter.y),
                axial: radians(angle * 0.5 + jitter.z))
        }
        var shapes = (0..<24).map { VertebraShape(level: $0) }
        for index in shapes.indices { shapes[index].scale(by: stature * (1 + 0.025 * generator.signed())) }
        var frames: [Frame] = (0..<24).map { frame(Float($0)) }
        var sacral: [Frame] = (0..<5).map { frame(24 + Float($0)) }
        let heights = shapes.map(\.height) + SpineCurve.sacralHeights.map { $0 * stature }
        let gaps = shapes.map(\.discBelow) + [Float](repeating: 0, count: 5)
        var chain = frames + sacral
        for index in chain.indices.dropFirst() {
            let above = chain[index - 1]
            let half = (above.up + chain[index].up) * 0.5
            chain[index].origin =
                above.origin - above.up * (heights[index - 1] / 2) - half * gaps[index - 1] - chain[index].up
                * (heights[index] / 2)
        }
        // The world's origin lies at L3, where a scanner's table would have it about.
        let centre = chain[21].origin
        for index in chain.indices { chain[index].origin -= centre }
        frames = Array(chain.prefix(24))
        sacral = Array(chain.suffix(5))
        self.shapes = shapes
        self.frames = frames
        self.sacralFrames = sacral
        self.stature = stature
    }

    /// Origins of all 24 vertebrae and 5 sacral segments, downwards.
    var origins: [Point] { (frames + sacralFrames).map(\.origin) }

    /// Forward inclination of the axis by level coordinate, degrees.
    static let inclination = Profile([
        0: -6, 1: -4, 6: 20, 7: 24, 9: 20, 13: 2, 17: -14, 19: -17, 21: -4, 22: 8, 23: 22, 24: 40, 25: 38, 26: 20,
        27: -4, 28: -24,
    ])
}

func radians(_ degrees: Float) -> Float { degrees * .pi / 180 }
