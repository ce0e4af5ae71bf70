import Anatomy
import Faults
import Foundation
import Metrics
import Testing
import Volumes

@Suite struct ClassMetricsTests {
    private let grid = Geometry(size: [2, 2, 2], affine: Affine(spacingInMillimetres: [10, 5, 2]))

    /// C1 half right, C2 only in the truth, C3 only in the prediction, C4 nowhere.
    private func metrics() throws -> [ClassMetrics] {
        let truth = Volume<UInt8>(geometry: grid, voxels: [1, 1, 0, 0, 2, 0, 0, 0])
        let prediction = Volume<UInt8>(geometry: grid, voxels: [1, 0, 1, 0, 0, 3, 3, 0])
        return try ClassMetrics.all(truth: truth, prediction: prediction, labelSet: .spine25)
    }

    @Test func handMadeMasksGiveHandMadeRatios() throws {
        let c1 = try metrics()[0]
        #expect(c1.label == 1 && c1.name == "C1" && c1.presence == .both)
        #expect((c1.truePositives, c1.falsePositives, c1.falseNegatives, c1.trueNegatives) == (1, 1, 1, 5))
        #expect(c1.dice == 0.5 && c1.iou == 1.0 / 3 && c1.sensitivity == 0.5 && c1.precision == 0.5)
        #expect(c1.specificity == 5.0 / 6 && c1.accuracy == 0.75)
        #expect(abs(c1.truthVolumeInMillilitres - 0.2) < 1e-12 && abs(c1.predictedVolumeInMillilitres - 0.2) < 1e-12)
    }

    @Test func missedClassesScoreZeroWithoutPrecision() throws {
        let c2 = try metrics()[1]
        #expect(c2.presence == .truthOnly)
        #expect(c2.dice == 0 && c2.iou == 0 && c2.sensitivity == 0 && c2.precision == nil && c2.specificity == 1)
    }

    @Test func inventedClassesScoreZeroWithoutSensitivity() throws {
        let c3 = try metrics()[2]
        #expect(c3.presence == .predictionOnly)
        #expect(c3.dice == 0 && c3.precision == 0 && c3.sensitivity == nil && c3.specificity == 0.75)
    }

    @Test func absentClassesHaveNoRatios() throws {
        for absent in try metrics()[3...] {
            #expect(absent.presence == .absent)
            let ratios = [
                absent.dice, absent.iou, absent.sensitivity, absent.specificity, absent.precision, absent.accuracy,
            ]
            #expect(ratios.allSatisfy { $0 == nil })
            #expect(absent.trueNegatives == 8)
        }
    }

    @Test func meansLeaveAbsentClassesOut() throws {
        #expect(try metrics().meanDiceOfClassesInTruth == 0.25)
        #expect(try abs((metrics().meanDiceOfClassesPresent ?? 0) - 0.5 / 3) < 1e-15)
        let empty = Volume<UInt8>(geometry: grid, repeating: 0)
        let none = try ClassMetrics.all(truth: empty, prediction: empty, labelSet: .spine24)
        #expect(none.meanDiceOfClassesInTruth == nil && none.count == 24)
    }

    @Test func differentGridsAreAnErrorThatNamesBoth() throws {
        let truth = Volume<UInt8>(geometry: grid, repeating: 0)
        let other = Geometry(size: [2, 2, 2], affine: Affine(spacingInMillimetres: [10, 5, 2.5]))
        let error = #expect(throws: MetricsError.self) {
            try ClassMetrics.all(truth: truth, prediction: Volume(geometry: other, repeating: 0), labelSet: .spine25)
        }
        #expect(error?.code == .gridsDiffer)
        #expect(
            error?.description.contains(grid.description) == true
                && error?.description.contains(other.description) == true)
    }

    @Test func labelsOutsideTheSetAreAnError() throws {
        let truth = Volume<UInt8>(geometry: grid, voxels: [1, 25, 0, 0, 2, 0, 0, 0])
        let prediction = Volume<UInt8>(geometry: grid, repeating: 0)
        let error = #expect(throws: MetricsError.self) {
            try ClassMetrics.all(truth: truth, prediction: prediction, labelSet: .spine24)
        }
        #expect(error?.code == .labelOutsideSet)
        #expect(error?.description.hasPrefix("the truth has 1 voxels of label 25") == true)
        #expect(try ClassMetrics.all(truth: truth, prediction: prediction, labelSet: .spine25)[24].inTruth)
    }

    /// Several chunks of the parallel pass.
    @Test func largeVolumesCountEveryVoxelOnce() throws {
        let grid = Geometry(size: [256, 256, 150], affine: .identity)
        let truth = Volume<UInt8>(geometry: grid, voxels: (0..<grid.voxelCount).map { UInt8($0 % 26) })
        let prediction = Volume<UInt8>(geometry: grid, voxels: (0..<grid.voxelCount).map { UInt8($0 % 13) })
        let matrix = try ConfusionMatrix(truth: truth, prediction: prediction, labelSet: .spine25)
        #expect(matrix.voxels == grid.voxelCount)
        let expected = (0..<grid.voxelCount).reduce(0) { $0 + ($1 % 26 == 20 ? 1 : 0) }
        #expect(matrix[truth: 20, prediction: 7] == expected && matrix[truth: 20, prediction: 20] == 0)
    }

    @Test func metricsSurviveJSON() throws {
        let metrics = try metrics()
        #expect(try JSONDecoder().decode([ClassMetrics].self, from: JSONEncoder().encode(metrics)) == metrics)
    }
}
