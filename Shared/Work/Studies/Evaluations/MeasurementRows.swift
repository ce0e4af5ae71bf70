package import Metrics

/// The metrics of a case as rows of the tables of migration 011; the keys are the columns' names, which the types of
/// Metrics say themselves.
package struct MeasurementRows: Sendable, Codable {
    private let summary: Joined<Agreement, Identification>
    private let classes: [ClassMetrics]
    private let distances: [Joined<SurfaceKey, DirectedDistances>]
    private let agreements: [Joined<ClassKey, SurfaceAgreement>]
    private let confusion: [ConfusionEntry]

    package init(_ metrics: CaseMetrics) {
        summary = Joined(Agreement(accuracy: metrics.accuracy, kappa: metrics.kappa), metrics.identification)
        classes = metrics.classes
        distances = metrics.classes.flatMap { one in
            [(SurfaceKey.Surface.voxel, one.voxelSurface), (.mesh, one.meshSurface)].flatMap { surface, found in
                found.map {
                    [
                        Joined(SurfaceKey(one.label, surface, .truthToPredicted), $0.truthToPredicted),
                        Joined(SurfaceKey(one.label, surface, .predictedToTruth), $0.predictedToTruth),
                    ]
                } ?? []
            }
        }
        agreements = metrics.classes.flatMap { one in
            one.agreement.map { Joined(ClassKey(label: one.label), $0) }
        }
        confusion = metrics.confusion
    }

    /// As they were measured: nothing is computed again.
    package func metrics(_ options: MetricOptions) -> CaseMetrics {
        let distances = Dictionary(grouping: distances, by: \.key.label)
        let agreements = Dictionary(grouping: agreements, by: \.key.label)
        return CaseMetrics(
            classes: classes.map {
                var one = $0
                one.voxelSurface = SurfaceDistances(distances[one.label] ?? [], on: .voxel)
                one.meshSurface = SurfaceDistances(distances[one.label] ?? [], on: .mesh)
                one.agreement = agreements[one.label]?.map(\.values) ?? []
                return one
            },
            identification: summary.values, confusion: confusion, accuracy: summary.key.accuracy ?? .nan,
            kappa: summary.key.kappa, options: options)
    }
}

/// Over all labels; cases from before there were evaluations have neither.
private struct Agreement: Sendable, Codable {
    var accuracy: Double?
    var kappa: Double?
}

private struct ClassKey: Sendable, Codable {
    var label: UInt8

    enum CodingKeys: String, CodingKey { case label = "class_value" }
}

private struct SurfaceKey: Sendable, Codable {
    enum Surface: String, Sendable, Codable { case voxel, mesh }
    enum Direction: String, Sendable, Codable {
        case truthToPredicted = "truth-to-predicted"
        case predictedToTruth = "predicted-to-truth"
    }

    let label: UInt8
    let surface: Surface
    let direction: Direction

    enum CodingKeys: String, CodingKey {
        case label = "class_value"
        case surface, direction
    }

    init(_ label: UInt8, _ surface: Surface, _ direction: Direction) {
        self.label = label
        self.surface = surface
        self.direction = direction
    }
}

extension SurfaceDistances {
    /// Nil where a map lacks the class.
    fileprivate init?(_ rows: [Joined<SurfaceKey, DirectedDistances>], on surface: SurfaceKey.Surface) {
        func directed(_ direction: SurfaceKey.Direction) -> DirectedDistances? {
            rows.first { $0.key.surface == surface && $0.key.direction == direction }?.values
        }
        guard let there = directed(.truthToPredicted), let back = directed(.predictedToTruth) else { return nil }
        self.init(truthToPredicted: there, predictedToTruth: back)
    }
}

/// A row with the columns of both: what it is of, and what is measured of it.
private struct Joined<Key: Sendable & Codable, Values: Sendable & Codable>: Sendable, Codable {
    let key: Key
    let values: Values

    init(_ key: Key, _ values: Values) {
        self.key = key
        self.values = values
    }

    init(from decoder: any Decoder) throws {
        key = try Key(from: decoder)
        values = try Values(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try key.encode(to: encoder)
        try values.encode(to: encoder)
    }
}
