import Statistics
import Volumes

/// What is made of tubes: femurs, arms, screws.
enum Limbs {
    static func tubes(_ skeleton: Skeleton, _ random: inout SplitMix64) -> [(tubes: [Tube], kind: BoneKind)] {
        var limbs: [(tubes: [Tube], kind: BoneKind)] = []
        let scale = skeleton.sacrum.scale.x
        for (joint, side) in zip(skeleton.hipJoints, [Float(1), -1]) {
            let trochanter = joint + Point(side * random.value(in: 38...48), random.value(in: -12...4), -32) * scale
            limbs.append(
                (
                    [
                        Tube(from: joint, to: joint, radius: 22.5 * scale),
                        Tube(from: joint, to: trochanter, radius: 13 * scale),
                        Tube(from: trochanter, to: trochanter + Point(0, 0, -12) * scale, radius: 17 * scale),
                        Tube(
                            from: trochanter + Point(side * -4, 0, -12) * scale,
                            to: trochanter + Point(side * -16, 4, -380) * scale, radius: 14 * scale),
                    ], .femur
                ))
        }
        // Arms beside the trunk; most lie over the head, out of view.
        if random.chance(25) {
            let shoulder = skeleton.vertebrae[8].frame.origin
            for side in [Float(1), -1] {
                let top = shoulder + Point(side * random.value(in: 175...200), -5, 0) * skeleton.size
                let elbow = top + Point(side * random.value(in: 5...50), random.value(in: -10...30), -300)
                let hand = elbow + Point(side * random.value(in: -90...10), random.value(in: 0...90), -240)
                limbs.append(([Tube(from: top, to: elbow, radius: 11)], .arm))
                limbs.append(([Tube(from: elbow, to: hand, radius: 7)], .arm))
            }
        }
        return limbs
    }

    /// Screws through the pedicles of two to four neighbours, joined by rods.
    static func screws(_ skeleton: Skeleton, _ random: inout SplitMix64) -> [Tube] {
        let first = 10 + Int(random.next() % 11)
        let last = min(first + 1 + Int(random.next() % 3), 23)
        let radius = random.value(in: 2...3.2)
        var tubes: [Tube] = []
        for side in [Float(1), -1] {
            var heads: [Point] = []
            for vertebra in skeleton.vertebrae[first...last] {
                guard let body = vertebra.bone.body else { continue }
                let back = -body.depth / 2
                let head = vertebra.world(Point(side * body.width * 0.5, back - 28, body.up * 0.35))
                tubes.append(
                    Tube(
                        from: head,
                        to: vertebra.world(Point(side * body.width * 0.22, body.depth * 0.2, body.up * 0.2)),
                        radius: radius))
                heads.append(head)
            }
            for (upper, lower) in zip(heads, heads.dropFirst()) {
                tubes.append(Tube(from: upper, to: lower, radius: radius))
            }
        }
        return tubes
    }
}
