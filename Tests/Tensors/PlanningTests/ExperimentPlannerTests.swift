import Faults
import Foundation
import Networks
import Planning
import Plans
import TestSupport
import Testing
import Volumes

/// The oracle is nnU-Net 2.8 itself (Tests/Fixtures/planning/make.py).
@Suite struct ExperimentPlannerTests {
    private struct Expected: Decodable, Sendable, CustomTestStringConvertible {
        let preset: String
        let classes: Int
        let fingerprint: DataSetFingerprint
        let transpose: [Int]
        let spacing: [Double]
        let median_shape: [Double]
        let patch: [Int]
        let batch: Int
        let strides: [[Int]]
        let kernels: [[Int]]
        let features: [Int]
        let repeats: [Int]
        let decoder: [Int]
        let batch_dice: Bool

        var testDescription: String { "\(preset), \(spacing) mm, \(median_shape)" }
    }

    private static let expected: [Expected] = {
        let data = try? Data(contentsOf: Fixtures.url("planning/plans.json"))
        return data.flatMap { try? JSONDecoder().decode([Expected].self, from: $0) } ?? []
    }()

    @Test func theOraclesPlansAreThere() { #expect(Self.expected.count >= 60) }

    @Test(arguments: Self.expected) private func aPlanIsNNUNets(expected: Expected) throws {
        let preset = try #require(ExperimentPlanner.Preset(rawValue: expected.preset))
        let plan = try ExperimentPlanner(expected.fingerprint, classes: expected.classes, preset: preset).plan()
        let network = try #require(plan.network.uNet)
        #expect(plan.transposeForward == expected.transpose)
        for axis in 0..<3 { #expect(abs(plan.spacingInMillimetres[axis] - expected.spacing[axis]) < 1e-9) }
        #expect(plan.medianShape == expected.median_shape)
        #expect(plan.patch == expected.patch && plan.batchSize == expected.batch)
        #expect(network.strides == expected.strides && network.kernels == expected.kernels)
        #expect(network.features == expected.features && network.repeats == expected.repeats)
        #expect(network.convolutionsPerStageDecoder == expected.decoder)
        #expect(plan.usesBatchDice == expected.batch_dice)
        try plan.network.validate()
    }

    /// networks.md, 3.2: spacing, median shape, classes, cases, and the plans of both planners with their estimates.
    @Test(arguments: [
        ([1.5, 1.5, 1.5], [250, 250, 250], 26, 1082, [128, 128, 128], 501_030_912, [128, 128, 128], 605_655_040),
        ([1.5, 1.5, 1.5], [231, 249, 188], 27, 1000, [128, 160, 112], 550_341_120, [128, 160, 112], 665_020_160),
        ([3, 0.8, 0.8], [120, 512, 512], 25, 100, [48, 192, 192], 514_667_520, [40, 192, 192], 576_334_080),
        ([5, 0.78, 0.78], [90, 512, 512], 25, 60, [32, 224, 224], 508_408_320, [32, 224, 192], 622_336_512),
        ([1, 0.7, 0.7], [300, 400, 400], 25, 80, [112, 160, 128], 545_753_600, [112, 160, 128], 660_432_640),
        ([1.5, 1.5, 1.5], [100, 60, 200], 3, 20, [112, 64, 224], 346_766_336, [112, 64, 224], 427_386_624),
    ]) func memoryIsCountedAsNNUNetCountsIt(
        spacing: [Double], shape: [Int], classes: Int, cases: Int, plain: [Int], plainVoxels: Int, residual: [Int],
        residualVoxels: Int
    ) throws {
        let fingerprint = Self.fingerprint(
            [[Double]](repeating: spacing, count: cases), [[Int]](repeating: shape, count: cases))
        for (preset, patch, voxels) in [
            (ExperimentPlanner.Preset.plain, plain, plainVoxels), (.residual, residual, residualVoxels),
        ] {
            let plan = try ExperimentPlanner(fingerprint, classes: classes, preset: preset).plan()
            #expect(plan.patch == patch && plan.featureVoxels == voxels && plan.batchSize == 2, "\(preset)")
        }
    }

    @Test func aSpacingMayBeSaid() throws {
        let fingerprint = Self.fingerprint([[5, 0.8, 0.8]], [[80, 512, 512]])
        let plan = try ExperimentPlanner(fingerprint, classes: 26, spacing: [1.5, 1.5, 1.5]).plan()
        #expect(plan.spacingInMillimetres == [1.5, 1.5, 1.5] && plan.medianShape == [267, 273, 273])
        #expect(plan.transposeForward == [0, 1, 2])
    }

    /// nnU-Net's `gpu_memory_target_in_gb`.
    @Test func aLargerMemoryGivesALargerPatchOrBatch() throws {
        let fingerprint = Self.fingerprint(
            [[Double]](repeating: [1.5, 1.5, 1.5], count: 40), [[Int]](repeating: [250, 250, 250], count: 40))
        let own = try ExperimentPlanner(fingerprint, classes: 26).plan()
        let same = try ExperimentPlanner(fingerprint, classes: 26, memoryInGigabytes: 8).plan()
        let twice = try ExperimentPlanner(fingerprint, classes: 26, memoryInGigabytes: 16).plan()
        #expect(same == own && own.patch == [128, 128, 128] && twice.patch == [160, 160, 160])
        #expect(throws: PlanningError.self) {
            try ExperimentPlanner(fingerprint, classes: 26, memoryInGigabytes: 0)
        }
    }

    @Test func aPlanPreparesAndRunsAsNNUNetDoes() throws {
        var fingerprint = Self.fingerprint([[0.8, 5, 0.8]], [[512, 60, 512]])
        fingerprint.intensities.percentile0_5 = -200
        fingerprint.intensities.percentile99_5 = 1300
        let made = try ExperimentPlanner(fingerprint, classes: 26).plan()
        let plan = try made.plan(fingerprint, labelSet: "spine-25")
        #expect(made.transposeForward == [1, 0, 2] && plan.orientation == "ASR")
        #expect(plan.spacingInMillimetres == made.spacingInMillimetres && plan.patch == made.patch)
        #expect(plan.intensities == .ct(lower: -200, upper: 1300, mean: 0, deviation: 1))
        #expect(plan.resampling == .nnUNet && plan.interpolation == .cubic)
        #expect(plan.slidingWindow.overlap == 0.5 && plan.slidingWindow.mirroring == [0, 1, 2])
        #expect(
            plan.training
                == PlannedTraining(
                    batchSize: made.batchSize, batchDice: made.usesBatchDice, planner: "ExperimentPlanner"))
        #expect(try Plan(json: plan.json()) == plan)
    }

    @Test(
        arguments: [
            ([], [], "has no case"),
            ([[1, 1, 1], [1, 1, 1]], [[9, 9, 9]], "has 1 shapes and 2 spacings"),
            ([[1, 1, 1]], [[0, 10, 10]], "gives case 0 the shape [0, 10, 10], expected three numbers of voxels"),
            ([[1, 1, 0]], [[9, 10, 10]], "gives case 0 the spacing [1.0, 1.0, 0.0], expected three numbers of mm"),
        ] as [([[Double]], [[Int]], String)]) func whatNoDataSetHasIsRefused(
            spacings: [[Double]], shapes: [[Int]], reason: String
        )
    {
        let error = #expect(throws: PlanningError.self) {
            try ExperimentPlanner(Self.fingerprint(spacings, shapes), classes: 26)
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func aFingerprintIsReadAndWrittenAsNNUNetDoes() throws {
        let text = """
            {"spacings": [[1.5, 0.8, 0.8]], "shapes_after_crop": [[100, 512, 512]],
             "foreground_intensity_properties_per_channel": {"0": {"mean": 200.5, "median": 180.0, "std": 90.25, "min": -900.0,
             "max": 2000.0, "percentile_99_5": 1100.0, "percentile_00_5": -40.0}}, "median_relative_size_after_cropping": 1.0}
            """
        let fingerprint = try JSONDecoder().decode(DataSetFingerprint.self, from: Data(text.utf8))
        #expect(fingerprint.intensities.standardDeviation == 90.25 && fingerprint.intensities.percentile99_5 == 1100)
        let again = try JSONDecoder().decode(DataSetFingerprint.self, from: JSONEncoder().encode(fingerprint))
        #expect(again == fingerprint)
        let two = text.replacing("\"0\": {", with: "\"1\": {}, \"0\": {")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(DataSetFingerprint.self, from: Data(two.utf8)) }
    }

    private static func fingerprint(_ spacings: [[Double]], _ shapes: [[Int]]) -> DataSetFingerprint {
        DataSetFingerprint(
            spacings: spacings, shapes: shapes,
            intensities: .init(
                mean: 0, median: 0, standardDeviation: 1, minimum: 0, maximum: 1, percentile0_5: 0, percentile99_5: 1))
    }
}
