import Metrics

extension Metric {
    /// Those a reader sees first, and on paper.
    static let leading: [Metric] = [.dice, .nsdAt1_5, .hausdorff95, .assd]
    /// Those whose distributions are drawn.
    static let drawn: [Metric] = [
        .dice, .iou, .nsdAt1_5, .boundaryF1At1_5, .hausdorff95, .assd, .meshRMSHausdorff, .volumeError,
        .centroidDistance,
    ]

    var unitText: String { unit == .ratio ? "0–1" : unit.rawValue }

    /// `Dice`, or `ASSD (mm)`.
    var headingWithUnit: String { unit == .ratio ? row.heading : "\(row.heading) (\(unit.rawValue))" }

    var betterText: String { row.scale.direction.rawValue }
}
