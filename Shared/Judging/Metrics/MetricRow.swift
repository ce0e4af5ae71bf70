/// What is said of one metric: the command line, CSV, JSON, reports and the checks of the database's columns read it
/// here. All of it is literal text, so that reading a value through its row costs no more than the call.
package struct MetricRow: Sendable {
    /// Metrics that are shown together.
    package enum Group: String, Sendable, CaseIterable {
        case overlap = "Overlap"
        case boundary = "Boundary agreement"
        case voxelSurface = "Surface distance, boundary voxels"
        case meshSurface = "Surface distance, marching-cubes surfaces"
        case size = "Size and place"
    }

    /// As words of a sentence: `Dice`, `precision`.
    package let title: String
    package let group: Group
    package let scale: MetricScale
    /// Shown after the point.
    package let digits: Int
    /// The value from which on the deepest red is shown; the deepest blue is the scale's best.
    package let worst: Double
    private let formula: String
    private let condition: String
    let value: @Sendable (ClassMetrics) -> Double?

    /// How it is computed.
    package var definition: String { formula + condition }

    /// The title as a heading: `Precision`. Abbreviations and Greek letters stay.
    package var heading: String {
        title.first.map { ($0.isASCII ? $0.uppercased() : String($0)) + title.dropFirst() } ?? title
    }

    /// `HD95 mm`, or the title alone for ratios.
    package var titleWithUnit: String { scale.unit == .ratio ? title : "\(title) \(scale.unit.rawValue)" }

    init(
        _ title: String, _ group: Group, _ formula: String, condition: String = "", scale: MetricScale = .ratio,
        digits: Int? = nil, worst: Double = 0.5, value: @escaping @Sendable (ClassMetrics) -> Double?
    ) {
        self.title = title
        self.group = group
        self.scale = scale
        self.digits = digits ?? (scale.unit == .millimetres ? 2 : 3)
        self.worst = worst
        self.formula = formula
        self.condition = condition
        self.value = value
    }
}
