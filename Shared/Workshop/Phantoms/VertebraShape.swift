/// The measures of a vertebra in millimetres, in its own frame: x to the right, y to the front, z up, origin in the
/// middle of the body. Adult means, rounded, after anatomy textbooks; lengths scale with the phantom's stature.
struct VertebraShape: Sendable {
    var width: Float
    var depth: Float
    var height: Float
    /// How much higher the body is in front than behind.
    var wedge: Float
    var discBelow: Float
    var canalHalfWidth: Float
    var canalHalfDepth: Float
    var pedicleRadius: Float
    /// Half the distance of the joints of the arch.
    var jointOffset: Float
    var jointRadius: Float
    var transverseTip: Point
    var transverseRadius: Float
    var spinousTip: Point
    var spinousHalfThickness: Float
    var spinousHalfHeight: Float
    var cancellousHounsfieldUnits: Float

    /// Level coordinate: C1 = 0 … C7 = 6, T1 = 7 … T12 = 18, L1 = 19 … L5 = 23.
    init(level: Int) {
        let at = Float(level)
        width = VertebraShape.width(at)
        depth = VertebraShape.depth(at)
        height = VertebraShape.height(at)
        wedge = VertebraShape.wedge(at)
        discBelow = VertebraShape.disc(at)
        canalHalfWidth = VertebraShape.canalWidth(at)
        canalHalfDepth = VertebraShape.canalDepth(at)
        pedicleRadius = VertebraShape.pedicle(at)
        jointOffset = VertebraShape.joint(at)
        jointRadius = VertebraShape.jointSize(at)
        let canal = -(depth / 2 + canalHalfDepth)
        let isCervical = level < 7
        let isLumbar = level > 18
        let transverseDepth = isCervical ? -depth * 0.3 : (isLumbar ? canal + 4 : canal - 8)
        transverseTip = Point(VertebraShape.transverse(at), transverseDepth, isCervical ? -2 : 3)
        transverseRadius = isCervical ? 3.8 : (isLumbar ? (level == 23 ? 5.5 : 3.4) : 4.6)
        spinousTip = Point(0, canal - canalHalfDepth - VertebraShape.spinousLength(at), -VertebraShape.spinousDrop(at))
        spinousHalfThickness = isCervical ? 2.8 : 3.2
        spinousHalfHeight = VertebraShape.spinousHeight(at)
        cancellousHounsfieldUnits = VertebraShape.cancellous(at)
    }

    var canalCentre: Float { -(depth / 2 + canalHalfDepth) }

    mutating func scale(by factor: Float) {
        width *= factor
        depth *= factor
        height *= factor
        wedge *= factor
        discBelow *= factor
        canalHalfWidth *= factor
        canalHalfDepth *= factor
        pedicleRadius *= factor
        jointOffset *= factor
        jointRadius *= factor
        transverseTip *= factor
        transverseRadius *= factor
        spinousTip *= factor
        spinousHalfThickness *= factor
        spinousHalfHeight *= factor
    }

    private static let width = Profile([
        0: 17, 2: 17, 4: 19, 6: 23, 7: 25.5, 9: 25, 11: 26.5, 13: 29, 16: 34, 18: 39, 20: 43.5, 23: 51,
    ])
    private static let depth = Profile([
        0: 15, 2: 15.5, 6: 17, 7: 17.5, 10: 21.5, 13: 25.5, 16: 28.5, 18: 29.5, 20: 31.5, 23: 35,
    ])
    private static let height = Profile([
        0: 10, 1: 20, 2: 14, 5: 13.5, 6: 14.5, 7: 16.5, 9: 18.5, 13: 20.5, 16: 22.5, 18: 24.5, 20: 26.5, 23: 27.5,
    ])
    private static let wedge = Profile([6: 0.5, 7: -0.8, 13: -1.5, 18: -1, 20: 0, 22: 1.5, 23: 5])
    private static let disc = Profile([0: 5, 1: 5, 6: 5, 7: 4.2, 12: 4, 16: 5, 18: 7, 20: 9, 22: 11, 23: 10])
    private static let canalWidth = Profile([0: 12, 6: 11.5, 7: 9.5, 9: 8.2, 16: 8.5, 18: 10.5, 20: 11.5, 23: 14])
    private static let canalDepth = Profile([0: 8, 6: 7.2, 9: 7.8, 16: 7.8, 20: 8.5, 23: 8.5])
    private static let pedicle = Profile([1: 3.2, 6: 3.2, 7: 3.5, 10: 2.9, 16: 3.9, 18: 4.6, 20: 4.9, 23: 7.5])
    private static let joint = Profile([1: 18, 5: 19, 6: 18, 8: 12.5, 16: 12, 18: 13, 20: 15, 23: 20])
    private static let jointSize = Profile([1: 5.5, 6: 5.2, 8: 4, 16: 4.2, 18: 5, 20: 6, 23: 7.2])
    private static let transverse = Profile([
        0: 38, 1: 25, 5: 27, 6: 32, 7: 37, 9: 33, 14: 31, 16: 27, 17: 23, 18: 21, 19: 36, 20: 42, 21: 47, 22: 43,
        23: 44,
    ])
    private static let spinousLength = Profile([
        1: 18, 2: 12, 4: 13, 5: 20, 6: 30, 7: 31, 9: 25, 12: 26, 16: 24, 18: 24, 20: 28, 21: 29, 22: 25, 23: 17,
    ])
    private static let spinousDrop = Profile([1: 5, 5: 7, 7: 12, 10: 26, 13: 32, 15: 26, 17: 12, 18: 8, 20: 5, 23: 6])
    private static let spinousHeight = Profile([1: 6, 2: 3.5, 6: 4.5, 8: 4.5, 14: 5, 17: 8, 20: 10.5, 22: 9.5, 23: 6.5])
    /// Trabecular bone is densest in the neck.
    private static let cancellous = Profile([0: 330, 5: 310, 7: 255, 12: 215, 18: 175, 23: 150])
}
