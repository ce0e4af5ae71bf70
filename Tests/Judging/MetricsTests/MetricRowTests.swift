import Anatomy
import Metrics
import Statistics
import Testing
import Volumes

@Suite struct MetricRowTests {
    /// Of two small maps of dust.
    private static func measured(seed: Int) throws -> [ClassMetrics] {
        var generator = SplitMix64(seed: UInt64(seed))
        let grid = Geometry(size: [6, 5, 4], affine: Affine(spacingInMillimetres: [1, 1.5, 3]))
        func map() -> Volume<UInt8> {
            Volume(geometry: grid, voxels: (0..<grid.voxelCount).map { _ in UInt8(generator.next() % 4) })
        }
        return try CaseMetrics.measure(truth: map(), prediction: map(), labelSet: .spine25).classes
    }

    @Test(arguments: 0..<8) func everyValueLiesInTheRangeOfItsRow(_ seed: Int) throws {
        for one in try Self.measured(seed: seed) {
            for metric in Metric.allCases {
                guard let value = one[metric] else { continue }
                #expect(metric.row.scale.range.contains(value), "\(metric) of \(one.name) is \(value)")
            }
        }
    }

    @Test func aPerfectMapHasTheBestValueOfEveryMetric() throws {
        let grid = Geometry(size: [6, 6, 6], affine: Affine(spacingInMillimetres: [1, 1, 1]))
        let map = Volume(geometry: grid, voxels: (0..<grid.voxelCount).map { UInt8($0 % 6 / 3) })
        let one = try #require(try CaseMetrics.measure(truth: map, prediction: map, labelSet: .spine25).classes.first)
        for metric in Metric.allCases { #expect(one[metric] == metric.row.scale.best, "\(metric)") }
    }

    @Test func noTwoMetricsBearTheSameTitle() {
        #expect(Set(Metric.allCases.map(\.row.title)).count == Metric.allCases.count)
    }

    @Test(arguments: [
        (Metric.precision, "precision", "Precision"), (.kappa, "κ", "κ"), (.hausdorff95, "HD95 mm", "HD95"),
        (.volumeError, "volume error %", "Volume error"),
    ])
    func titlesStandInSentencesAndAsHeadings(_ metric: Metric, _ title: String, _ heading: String) {
        #expect(metric.row.titleWithUnit == title)
        #expect(metric.row.heading == heading)
    }
}
