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
    /// Of a class that has been found and is where it is, more than this share overlaps.
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

    /// The weightiest first, then in the order of causes and of labels.
    private(set) var findings: [Finding] = []
    private let metrics: CaseMetrics
    private let labelSet: LabelSet
    private let confusion: [Pair: Int]

    private struct Pair: Hashable {
        var truth: UInt8
        var prediction: UInt8
    }

    init(_ metrics: CaseMetrics, labelSet: LabelSet) {
        self.metrics = metrics
        self.labelSet = labelSet
        confusion = Dictionary(metrics.confusion.map { (Pair(truth: $0.truth, prediction: $0.prediction), $0.voxels) }, uniquingKeysWith: +)
        noteSpineShift()
        for entry in metrics.classes where entry.inTruth {
            if entry.inPrediction { noteFound(entry) } else { noteMissed(entry) }
        }
        // Afterwards, since a made-up class may be another one's name.
        for entry in metrics.classes where entry.presence == .predictionOnly { noteSpurious(entry) }
        let order = BadCase.Cause.allCases
        func key(_ finding: Finding) -> (Double, Int, Int) {
            (-finding.weight, order.firstIndex(of: finding.reason.cause) ?? order.count, Int(finding.reason.label ?? 0))
        }
        findings.sort { key($0) < key($1) }
    }

    private mutating func note(_ cause: BadCase.Cause, _ entry: ClassMetrics?, weight: Double, _ text: String) {
        findings.append(Finding(reason: BadCase.Reason(cause: cause, label: entry?.label, text: text), weight: weight))
    }

    // MARK: The whole spine

    private var isShifted: Bool { (metrics.identification.labelShift ?? 0) != 0 }

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

    // MARK: Classes of the truth

    private mutating func noteMissed(_ entry: ClassMetrics) {
        if noteConfusion(entry) { return }
        note(.missed, entry, weight: 1, "\(entry.name), \(volume(entry.truthVolumeInMillilitres)) in truth, was not found")
        noteTruncation(entry)
    }

    private mutating func noteFound(_ entry: ClassMetrics) {
        let dice = entry.dice ?? 0
        if noteConfusion(entry) { return }
        if Double(entry.truePositives) < Self.foundShare * Double(inTruth(entry)) {
            note(.missed, entry, weight: 1 - dice, "of \(entry.name) \(share(entry.truePositives, inTruth(entry))) was found")
            noteTruncation(entry)
            return
        }
        let leaks = noteLeakage(entry, dice)
        if noteTruncation(entry) || leaks { return }
        if dice < Self.acceptableDice { note(.inaccurateBorder, entry, weight: 1 - dice, borderText(entry, dice)) }
    }

    /// A vertebra that bears another's name. Where the whole spine is off, that has been said.
    private mutating func noteConfusion(_ entry: ClassMetrics) -> Bool {
        let taken = metrics.classes
            .map { (other: $0, voxels: confusion[Pair(truth: entry.label, prediction: $0.label)] ?? 0) }
            .filter { $0.other.label != entry.label }
            .max { ($0.voxels, $1.other.label) < ($1.voxels, $0.other.label) }
        guard let taken, Double(taken.voxels) >= Self.confusedShare * Double(inTruth(entry)), taken.voxels > 0 else { return false }
        let shift = Int(taken.other.label) - Int(entry.label)
        if isShifted, shift == metrics.identification.labelShift { return true }
        note(
            .shiftedLabel, entry, weight: 1 - (entry.dice ?? 0),
            "\(share(taken.voxels, inTruth(entry))) of \(entry.name) is called \(taken.other.name)")
        return true
    }

    @discardableResult
    private mutating func noteTruncation(_ entry: ClassMetrics) -> Bool {
        let dice = entry.dice ?? 0
        guard entry.touchesBorder, dice < Self.truncatedDice else { return false }
        note(
            .truncatedFieldOfView, entry, weight: entry.inPrediction ? 1 - dice : 0.9,
            "\(entry.name) is cut by the edge of the volume, its Dice is \(number(dice, 3))")
        return true
    }

    private mutating func noteLeakage(_ entry: ClassMetrics, _ dice: Double) -> Bool {
        let leaked = confusion[Pair(truth: 0, prediction: entry.label)] ?? 0
        let reach = (entry.voxelSurface ?? entry.meshSurface)?.predictedToTruth.maximum
        let isFar = (reach ?? 0) >= Self.farInMillimetres
        let isMuch = Double(leaked) >= Self.leakedShare * Double(inTruth(entry)) && (reach ?? .infinity) >= Self.leakedInMillimetres
        guard isFar || isMuch else { return false }
        let distance = reach.map { ", up to \(number($0, 1)) mm from it" } ?? ""
        note(
            .leakage, entry, weight: max(1 - dice, min(1, (reach ?? 0) / 100)),
            "\(entry.name) reaches into the background with \(share(leaked, inTruth(entry))) of its size\(distance), its Dice is \(number(dice, 3))")
        return true
    }

    private func borderText(_ entry: ClassMetrics, _ dice: Double) -> String {
        let distance = entry.voxelSurface.map { ", its 95 % Hausdorff distance \(number($0.hausdorff95, 1)) mm" } ?? ""
        let volume = entry.volumeErrorInPercent.map { ", its volume \(number(abs($0), 0)) % too \($0 < 0 ? "small" : "large")" } ?? ""
        return "the Dice of \(entry.name) is \(number(dice, 3))\(distance)\(volume)"
    }

    // MARK: Classes the truth does not have

    private mutating func noteSpurious(_ entry: ClassMetrics) {
        let predicted = entry.falsePositives
        // Voxels of vertebrae that are known to bear another's name: said there, or of the whole spine.
        let renamed = Set(findings.filter { $0.reason.cause == .shiftedLabel }.compactMap(\.reason.label))
        let explained = metrics.classes.filter { isShifted || renamed.contains($0.label) }
            .reduce(0) { $0 + (confusion[Pair(truth: $1.label, prediction: entry.label)] ?? 0) }
        if 2 * explained > predicted { return }
        let sizes = metrics.classes.filter(\.inTruth).map(\.truthVolumeInMillilitres)
        let usual = sizes.isEmpty ? entry.predictedVolumeInMillilitres : sizes.reduce(0, +) / Double(sizes.count)
        let background = confusion[Pair(truth: 0, prediction: entry.label)] ?? 0
        note(
            .spurious, entry, weight: usual > 0 ? min(1, entry.predictedVolumeInMillilitres / usual) : 1,
            "\(entry.name) is not in truth but predicted with \(volume(entry.predictedVolumeInMillilitres)), "
                + "\(share(background, predicted)) of it in the background")
    }

    // MARK: Words

    private func inTruth(_ entry: ClassMetrics) -> Int { entry.truePositives + entry.falseNegatives }
    private func share(_ part: Int, _ whole: Int) -> String { number(Double(part) / Double(max(1, whole)) * 100, 0) + " %" }
    private func volume(_ millilitres: Double) -> String { number(millilitres, 1) + " mL" }

    /// With so many decimals, whatever the locale.
    private func number(_ value: Double, _ decimals: Int) -> String {
        let unit = (0..<decimals).reduce(1) { power, _ in power * 10 }
        let scaled = (value * Double(unit)).rounded()
        guard abs(scaled) < 1e15 else { return "\(value)" }
        let digits = Int(abs(scaled))
        let sign = scaled < 0 ? "−" : ""
        guard decimals > 0 else { return "\(sign)\(digits)" }
        let fraction = String(digits % unit)
        return "\(sign)\(digits / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
