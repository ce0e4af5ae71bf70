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
        return limbs + jaw(skeleton, &random)
    }

    /// Jaw, teeth and tongue bone, which lie before the upper neck.
    static func jaw(_ skeleton: Skeleton, _ random: inout SplitMix64) -> [(tubes: [Tube], kind: BoneKind)] {
        let atlas = skeleton.vertebrae[0]
        let scale = atlas.size
        let (drop, open) = (random.value(in: -6...6), random.value(in: -8...4))
        func place(_ x: Float, _ y: Float, _ z: Float) -> Point { atlas.frame.world(Point(x, y, z) * scale) }
        var bones: [Tube] = []
        var teeth: [Tube] = []
        for side in [Float(1), -1] {
            let (joint, angle) = (place(side * 50, 24, 22), place(side * 46, 34, -30 + drop))
            let (middle, chin) = (place(side * 32, 70, -42 + drop + open), place(0, 98, -46 + drop + open))
            bones.append(Tube(from: joint, to: angle, radius: 5.5 * scale))
            bones.append(Tube(from: angle, to: middle, radius: 6.5 * scale))
            bones.append(Tube(from: middle, to: chin, radius: 7 * scale))
            for (from, to) in [
                (place(side * 30, 58, -30 + drop), place(side * 24, 84, -32 + drop)),
                (place(side * 24, 84, -32 + drop), place(0, 96, -32 + drop)),
            ] {
                teeth.append(Tube(from: from, to: to, radius: 5 * scale))
            }
        }
        let hyoid = skeleton.vertebrae[3].frame
        let arch = [Point(-20, 30, 4), Point(-10, 48, 0), Point(10, 48, 0), Point(20, 30, 4)].map {
            hyoid.world($0 * scale)
        }
        bones += zip(arch, arch.dropFirst()).map { Tube(from: $0, to: $1, radius: 2.5 * scale) }
        return [(bones, .skull)] + (random.chance(75) ? [(teeth, .tooth)] : [])
    }

    /// Now and then a nail or a joint in a femur.
    static func implants(_ skeleton: Skeleton, _ random: inout SplitMix64) -> [Tube] {
        guard random.chance(4) else { return [] }
        let side = random.pick([0, 1])
        let joint = skeleton.hipJoints[side]
        let away = Point(side == 0 ? 42 : -42, -6, -34) * skeleton.sacrum.scale.x
        let radius = random.value(in: 4...7)
        return [
            Tube(from: joint, to: joint, radius: random.pick([radius, 21])),
            Tube(from: joint, to: joint + away, radius: radius),
            Tube(from: joint + away, to: joint + away + Point(away.x * -0.3, 8, -160), radius: radius),
        ]
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
