/// What all places at one height share: where the spine is and how large the trunk is. Millimetres.
struct Section: Sendable {
    /// C1 = 0 … L5 = 23, sacral segments 24 … 28, growing by 1 per 15 mm beyond.
    var level: Float
    var spine: SIMD2<Float>
    /// Half measures of a vertebral body here.
    var bodyWidth: Float
    var bodyDepth: Float
    /// Skin: half axes and the middle's y.
    var trunkWidth: Float
    var trunkDepth: Float
    var trunkY: Float
    /// Middle line of the ribs.
    var cageWidth: Float
    var cageDepth: Float
    var cageY: Float
    var psoas: Float
    var erector: SIMD2<Float>

    init(level: Float, spine: SIMD2<Float>, scale: Float, girth: Float) {
        self.level = level
        self.spine = spine
        let whole = VertebraShape(level: Int(min(max(level.rounded(), 1), 23)))
        bodyWidth = whole.width / 2 * scale
        bodyDepth = whole.depth / 2 * scale
        trunkWidth = Section.trunkWidth(level) * scale * girth
        trunkDepth = Section.trunkDepth(level) * scale * girth
        trunkY = spine.y * 0.8 - Section.behind(level) * scale * girth + trunkDepth
        cageWidth = Section.cageWidth(level) * scale
        cageDepth = Section.cageDepth(level) * scale
        cageY = spine.y - bodyDepth - 14 * scale + cageDepth
        psoas = Section.psoas(level) * scale
        erector = SIMD2(Section.erectorWidth(level), Section.erectorDepth(level)) * scale
    }

    private static let trunkWidth = Profile([
        -5: 75, 0: 68, 3: 58, 5: 66, 6.5: 110, 9: 172, 13: 165, 18: 150, 21: 148, 23: 158, 26: 175,
    ])
    private static let trunkDepth = Profile([
        -5: 96, 0: 78, 3: 60, 6: 66, 9: 98, 13: 114, 18: 110, 21: 106, 24: 108, 27: 106,
    ])
    private static let behind = Profile([-5: 82, 0: 72, 3: 62, 6: 64, 9: 70, 13: 68, 18: 72, 21: 80, 24: 82, 27: 66])
    private static let cageWidth = Profile([6: 40, 7: 56, 9: 92, 12: 122, 15: 134, 18: 132])
    private static let cageDepth = Profile([6: 34, 7: 46, 9: 70, 12: 92, 15: 102, 18: 98])
    private static let psoas = Profile([18: 0, 19: 7, 21: 16, 23: 22, 26: 20])
    private static let erectorWidth = Profile([0: 22, 6: 24, 12: 20, 18: 28, 22: 33, 25: 20])
    private static let erectorDepth = Profile([0: 12, 6: 13, 12: 12, 18: 19, 22: 22, 25: 12])
}
