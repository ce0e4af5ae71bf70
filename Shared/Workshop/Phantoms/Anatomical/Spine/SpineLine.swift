import Statistics
import Volumes

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The middles of the bodies of C1 to L5, downwards; RAS+ mm, L5 at the origin, the patient on the back.
struct SpineLine: Sendable {
    let points: [Point]

    /// Between neighbours, C1–C2 to L4–L5: adult means, mm.
    static let usualGaps: [Float] = [
        22, 18.5, 16.5, 16.5, 17, 18, 18.5, 20.5, 21, 21, 21.5, 22, 22.5, 23, 24, 25, 27, 29.5, 31.5, 33, 35, 35.5,
        33.5,
    ]

    init(_ bank: ShapeBank, _ random: inout SplitMix64) {
        let steps = bank.catalogue.line.map { Self.drawn($0, &random) } ?? Self.bent(&random)
        var points = [Point.zero]
        for step in steps.reversed() { points.append((points.last ?? .zero) + step) }
        self.points = points.reversed()
    }

    /// How large a line is against the mean.
    var size: Float {
        let lengths = zip(points, points.dropFirst()).map { ($0 - $1).length }
        return zip(lengths, Self.usualGaps).map { $0 / $1 }.reduce(0, +) / Float(lengths.count)
    }

    /// Steps upwards, from the model of patients' lines. Few of its scans show neck and loins together, so it knows
    /// little of how their sizes go together: each step's length is drawn halfway to the line's mean size.
    private static func drawn(_ model: ShapeBank.LineModel, _ random: inout SplitMix64) -> [Point] {
        let mean = model.mean.map { Point($0) }
        var line = mean
        for mode in model.modes {
            let share = min(max(random.normal(), -1.8), 1.8)
            for level in line.indices { line[level] += Point(mode[level]) * share }
        }
        let steps = zip(line, line.dropFirst()).map { $0 - $1 }
        let usual = zip(mean, mean.dropFirst()).map { ($0 - $1).length }
        let ratios = zip(steps, usual).map { $0.length / $1 }
        let middle = ratios.reduce(0, +) / Float(ratios.count)
        let size = min(max(middle, 0.86), 1.16)
        return steps.indices.map { index in
            // Takes off kinks, not bends.
            let smooth =
                index == 0 || index == steps.count - 1
                ? steps[index] : steps[index - 1] * 0.25 + steps[index] * 0.5 + steps[index + 1] * 0.25
            let length = usual[index] * (size + min(max(0.5 * (ratios[index] - middle), -0.1), 0.1))
            return smooth * (length / smooth.length)
        }
    }

    /// Steps upwards, by the physiological bends of phantoms (`SpineCurve`), each bend by itself stronger or weaker.
    private static func bent(_ random: inout SplitMix64) -> [Point] {
        let size = random.value(in: 0.88...1.12)
        let lean = random.normal() * 3
        let (neck, chest, loins) = (random.normal() * 8, random.value(in: 0.6...1.4), random.value(in: 0.55...1.35))
        let bend = abs(random.normal()) * 4
        let (wave, phase) = (random.value(in: 8...18), random.value(in: 0...6.2832))
        return usualGaps.indices.map { index in
            let level = Float(index) + 0.5
            let usual = SpineCurve.inclination(level)
            let strength = mix(chest, loins, min(max((level - 16) / 4, 0), 1))
            let bow = level < 8 ? neck * (4 - level) / 4 : 0
            let sagittal = radians(usual * strength + bow + lean + random.normal())
            let coronal = radians(bend * sinf(level / wave * 6.2832 + phase) + random.normal() * 0.6)
            let up = Frame(sagittal: sagittal, coronal: coronal, axial: 0).up
            return up * (usualGaps[index] * size * (1 + 0.035 * random.normal()))
        }
    }

    /// Directions of the spine at every level, upwards.
    var tangents: [Point] {
        let chords = zip(points, points.dropFirst()).map { ($0 - $1) / ($0 - $1).length }
        return points.indices.map { level in
            let tangent =
                switch level {
                case 0: chords[0] * 1.3 - chords[1] * 0.3
                case points.count - 1: chords[level - 1] * 1.3 - chords[level - 2] * 0.3
                default: chords[level - 1] + chords[level]
                }
            return tangent / tangent.length
        }
    }
}
