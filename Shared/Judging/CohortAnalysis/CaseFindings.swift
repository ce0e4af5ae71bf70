import Anatomy
import Metrics

/// What went wrong in a case, from its measurements.
struct CaseFindings {
    struct Finding {
        var reason: BadCase.Reason
        /// About the Dice that the classes concerned lost by it, 1 for a whole class.
        var weight: Double
    }

    /// A class is taken for another if that other has this share of its voxels.
    static let confusedShare = 0.25
    /// Of a class that has been found where it is, more than this share is covered.
    static let foundShare = 0.1
    /// Dice below which a class is worth a reason.
    static let acceptableDice = 0.8
    /// A class cut by the edge is excused by that below this Dice.
    static let truncatedDice = 0.7
    /// Predicted voxels so far from the truth's surface belong to something else.
    static let farInMillimetres = 20.0
    /// Background taken for the class: this share of its own size, somewhere this far from its surface.
    static let leakedShare = 0.2
    static let leakedInMillimetres = 10.0

    /// What the edge leaves of a class counts fully from this volume on: a few voxels of a vertebra are no vertebra.
    static let sliverInMillilitres = 5.0

    /// The weightiest first, then in the order of causes and of labels.
    private(set) var findings: [Finding] = []
    private let metrics: CaseMetrics
    private let labelSet: LabelSet
    private let meetings: LabelMeetings
    /// Classes of the truth that bear another's name, and whose.
    private var renamed: [UInt8: LabelMeetings.Other] = [:]

    init(_ metrics: CaseMetrics, labelSet: LabelSet) {
        self.metrics = metrics
        self.labelSet = labelSet
        meetings = LabelMeetings(metrics.confusion)
        let inTruth = metrics.classes.filter(\.inTruth)
        for entry in inTruth { renamed[entry.label] = meetings.mostTaken(entry.label, share: Self.confusedShare) }
        noteSpineShift()
        for entry in inTruth {
            if let other = renamed[entry.label] {
                noteRenamed(entry, other)
            } else if entry.inPrediction {
                noteFound(entry)
            } else {
                noteMissed(entry, "\(entry.name), \(volume(entry.truthVolumeInMillilitres)) in truth, was not found")
            }
        }
        for entry in metrics.classes where entry.presence == .predictionOnly { noteSpurious(entry) }
        let order = BadCase.Cause.allCases
        func key(_ finding: Finding) -> (Double, Int, Int) {
            (-finding.weight, order.firstIndex(of: finding.reason.cause) ?? order.count, Int(finding.reason.label ?? 0))
        }
        findings.sort { key($0) < key($1) }
    }

    private mutating func note(_ cause: BadCase.Cause, _ entry: ClassMetrics?, weight: Double, _ text: String) {
        let size = entry.map(Self.sizeShare) ?? 1
        findings.append(
            Finding(reason: BadCase.Reason(cause: cause, label: entry?.label, text: text), weight: weight * size))
    }

    /// 1 but for a class that the edge cuts to less than `sliverInMillilitres`: its share of that.
    static func sizeShare(_ entry: ClassMetrics) -> Double {
        entry.touchesBorder && entry.inTruth ? min(1, entry.truthVolumeInMillilitres / sliverInMillilitres) : 1
    }

    // MARK: Names

    private mutating func noteSpineShift() {
        guard let shift = metrics.identification.labelShift, shift != 0 else { return }
        let by = "\(shift > 0 ? "+" : "−")\(abs(shift)) \(abs(shift) == 1 ? "vertebra" : "vertebrae")"
        let concerned = metrics.classes.count { $0.inTruth }
        note(.shiftedLabel, nil, weight: Double(max(1, concerned)), "all labels are off by \(by)\(example(of: shift))")
    }

    private func example(of shift: Int) -> String {
        for entry in metrics.classes where entry.inTruth {
            if let other = UInt8(exactly: Int(entry.label) + shift), let label = labelSet.label(of: other) {
                return " (\(entry.name) is called \(label.name))"
            }
        }
        return ""
    }

    /// Where the whole spine is off by as much, that has been said.
    private mutating func noteRenamed(_ entry: ClassMetrics, _ other: LabelMeetings.Other) {
        let shift = Int(other.label) - Int(entry.label)
        if shift == metrics.identification.labelShift { return }
        let name = labelSet.name(of: other.label) ?? "label \(other.label)"
        note(
            .shiftedLabel, entry, weight: 1 - (entry.dice ?? 0),
            "\(share(other.voxels, entry.truePositives + entry.falseNegatives)) of \(entry.name) is called \(name)")
    }

    /// Voxels of vertebrae that bear this name instead of theirs: nothing that the class itself got wrong.
    private func voxelsOfRenamed(in entry: ClassMetrics) -> Int {
        renamed.keys.reduce(0) { $0 + ($1 == entry.label ? 0 : meetings[truth: $1, prediction: entry.label]) }
    }

    // MARK: Classes of the truth

    private mutating func noteMissed(_ entry: ClassMetrics, _ text: String) {
        if Self.sizeShare(entry) < 1 {
            note(.truncatedFieldOfView, entry, weight: 1 - (entry.dice ?? 0), "\(text); the edge of the volume cuts it")
            return
        }
        note(.missed, entry, weight: 1 - (entry.dice ?? 0), text)
        noteTruncation(entry)
    }

    private mutating func noteFound(_ entry: ClassMetrics) {
        let inTruth = entry.truePositives + entry.falseNegatives
        if Double(entry.truePositives) < Self.foundShare * Double(inTruth) {
            noteMissed(entry, "of \(entry.name) \(share(entry.truePositives, inTruth)) was found")
            return
        }
        let dice = entry.dice ?? 0
        let leaks = noteLeakage(entry, dice)
        if noteTruncation(entry) || leaks || dice >= Self.acceptableDice { return }
        if 2 * voxelsOfRenamed(in: entry) > entry.falsePositives + entry.falseNegatives { return }
        note(.inaccurateBorder, entry, weight: 1 - dice, borderText(entry, dice))
    }

    @discardableResult
    private mutating func noteTruncation(_ entry: ClassMetrics) -> Bool {
        let dice = entry.dice ?? 0
        guard entry.touchesBorder, dice < Self.truncatedDice else { return false }
        // Behind what it excuses.
        note(
            .truncatedFieldOfView, entry, weight: 0.9 * (1 - dice),
            "\(entry.name) is cut by the edge of the volume, its Dice is \(decimal(dice, 3))")
        return true
    }

    private mutating func noteLeakage(_ entry: ClassMetrics, _ dice: Double) -> Bool {
        let inTruth = entry.truePositives + entry.falseNegatives
        let leaked = meetings[truth: 0, prediction: entry.label]
        let reach = (entry.voxelSurface ?? entry.meshSurface)?.predictedToTruth.maximum
        // Far voxels that are a renamed vertebra's have not leaked.
        let isFar = (reach ?? 0) >= Self.farInMillimetres && voxelsOfRenamed(in: entry) == 0
        let isMuch =
            Double(leaked) >= Self.leakedShare * Double(inTruth) && (reach ?? .infinity) >= Self.leakedInMillimetres
        guard isFar || isMuch else { return false }
        let distance = reach.map { ", up to \(decimal($0, 1)) mm from it" } ?? ""
        note(
            .leakage, entry, weight: max(1 - dice, min(1, (reach ?? 0) / 100)),
            "\(entry.name) takes background of \(share(leaked, inTruth)) of its size\(distance), its Dice is \(decimal(dice, 3))"
        )
        return true
    }

    // MARK: Classes the truth does not have

    private mutating func noteSpurious(_ entry: ClassMetrics) {
        if 2 * voxelsOfRenamed(in: entry) > entry.falsePositives { return }
        let sizes = metrics.classes.filter(\.inTruth).map(\.truthVolumeInMillilitres)
        let usual = sizes.isEmpty ? entry.predictedVolumeInMillilitres : sizes.reduce(0, +) / Double(sizes.count)
        note(
            .spurious, entry, weight: usual > 0 ? min(1, entry.predictedVolumeInMillilitres / usual) : 1,
            "\(entry.name) is not in truth but predicted with \(volume(entry.predictedVolumeInMillilitres)), "
                + "\(share(meetings[truth: 0, prediction: entry.label], entry.falsePositives)) of it in the background")
    }
}
