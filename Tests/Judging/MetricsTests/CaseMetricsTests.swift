import Anatomy
import Faults
import Foundation
import Metrics
import Statistics
import Surfaces
import Testing
import Threads
import Volumes

@Suite struct CaseMetricsTests {
    /// Two maps of dust: every kind of neighbourhood, labels at every border, thousands of components.
    private func dust(_ affine: Affine, size: [Int] = [23, 17, 12], seed: UInt64 = 11) -> (
        truth: Volume<UInt8>, prediction: Volume<UInt8>
    ) {
        var generator = SplitMix64(seed: seed)
        let grid = Geometry(size: size, affine: affine)
        let truth = (0..<grid.voxelCount).map { _ in UInt8(generator.next() % 9) }
        let prediction = truth.map { generator.next() % 4 == 0 ? UInt8(generator.next() % 12 / 3) : $0 }
        return (Volume(geometry: grid, voxels: truth), Volume(geometry: grid, voxels: prediction))
    }

    static let affines = [
        Affine(spacingInMillimetres: [1, 1, 1]), Affine(spacingInMillimetres: [0.7, 0.8, 2.5]),
        Affine(columns: [SIMD3(1, 0, 0), SIMD3(0.4, 1, 0), SIMD3(0, 0.9, 2)], origin: [10, 20, 30]),
    ]

    @Test(arguments: affines) func distancesAreThoseOfBruteForce(_ affine: Affine) throws {
        let pair = dust(affine)
        let found = try CaseMetrics.measure(truth: pair.truth, prediction: pair.prediction, labelSet: .spine25)
        for one in found.classes.prefix(3) {
            let (there, here) = (
                BruteForce.boundary(one.label, pair.truth), BruteForce.boundary(one.label, pair.prediction)
            )
            let (forth, back) = (BruteForce.distances(there, here), BruteForce.distances(here, there))
            let own = try #require(one.voxelSurface)
            for (found, expected) in [(own.truthToPredicted, forth), (own.predictedToTruth, back)] {
                #expect(found.points == expected.count)
                #expect(abs(found.maximum - expected.max()!) < 1e-5)
                #expect(abs(found.mean - expected.reduce(0, +) / Double(expected.count)) < 1e-5)
                #expect(
                    abs(
                        found.rootMeanSquare
                            - (expected.reduce(0) { $0 + $1 * $1 } / Double(expected.count)).squareRoot()) < 1e-5)
                #expect(abs(found.percentile95 - BruteForce.percentile95(expected)) < 1e-5)
            }
            let within = [forth, back].map { list in Double(list.count { $0 <= 1.5 + 1e-6 }) / Double(list.count) }
            let f1 = try #require(one.agreement(at: 1.5)?.boundaryF1)
            #expect(abs(f1 - 2 * within[0] * within[1] / (within[0] + within[1])) < 1e-12)
        }
    }

    /// The implicit search against the meshes themselves, vertex by vertex.
    @Test(arguments: affines) func meshDistancesAreThoseOfTheMeshes(_ affine: Affine) throws {
        var pair = dust(affine)
        // A class with little of it, far apart: searches go a long way.
        pair.truth = pair.truth.map { $0 == 5 ? 5 : 0 }
        pair.prediction = Volume(geometry: pair.truth.geometry, repeating: 0)
        pair.prediction[2, 3, 11] = 5
        let one = try CaseMetrics.measure(truth: pair.truth, prediction: pair.prediction, labelSet: .spine25).classes[4]
        let own = try #require(one.meshSurface)
        for (found, from, to) in [
            (own.truthToPredicted, pair.truth, pair.prediction), (own.predictedToTruth, pair.prediction, pair.truth),
        ] {
            let surface = try #require(LabelSurface(of: 5, in: to))
            let expected = MarchingCubes.surface(of: 5, in: from).vertices.map {
                surface.distance(fromMillimetres: SIMD3<Double>($0))
            }
            #expect(found.points == expected.count)
            #expect(abs(found.maximum - expected.max()!) < 1e-4)
            #expect(abs(found.mean - expected.reduce(0, +) / Double(expected.count)) < 1e-4)
            #expect(abs(found.percentile95 - BruteForce.percentile95(expected)) < 1e-4)
        }
    }

    @Test(arguments: affines) func resultsAreBitIdenticalForAnyNumberOfThreads(_ affine: Affine) throws {
        // Large enough for several pieces; two classes of it, one sparse, are done in each of the two ways.
        var pair = dust(affine, size: [70, 66, 68])
        func thinned(_ volume: Volume<UInt8>) -> Volume<UInt8> {
            var number = 0
            return volume.map { label in
                number += 1
                return label == 1 && number % 7 == 0 || label == 2 && number % 97 == 0 ? label : 0
            }
        }
        pair = (thinned(pair.truth), thinned(pair.prediction))
        let one = try CaseMetrics.measure(
            truth: pair.truth, prediction: pair.prediction, labelSet: .spine25, pool: ComputePool(threads: 1))
        for threads in [2, 3, 8] {
            let other = try CaseMetrics.measure(
                truth: pair.truth, prediction: pair.prediction, labelSet: .spine25, pool: ComputePool(threads: threads))
            #expect(one == other, "\(threads) threads")
        }
    }

    @Test func aShiftedBlockIsAsFarAsItWasShifted() throws {
        let grid = Geometry(size: [20, 20, 20], affine: Affine(spacingInMillimetres: [2, 1, 1]))
        func block(at first: Int) -> Volume<UInt8> {
            var volume = Volume<UInt8>(geometry: grid, repeating: 0)
            for k in 5..<15 { for j in 5..<15 { for i in first..<first + 6 { volume[i, j, k] = 22 } } }
            return volume
        }
        let one = try CaseMetrics.measure(truth: block(at: 5), prediction: block(at: 8), labelSet: .spine25).classes[21]
        #expect(
            one.voxelSurface?.hausdorff == 6 && one.meshSurface?.hausdorff == 6
                && one.centroidDistanceInMillimetres == 6)
        #expect(one.dice == 0.5 && !one.touchesBorder)
        let same = try CaseMetrics.measure(truth: block(at: 5), prediction: block(at: 5), labelSet: .spine25).classes[
            21]
        #expect(same.voxelSurface?.hausdorff == 0 && same.meshSurface?.assd == 0)
        #expect(
            same.agreement.allSatisfy { $0.boundaryF1 == 1 && $0.normalizedSurfaceDice == 1 }
                && same.agreement.count == 2)
    }

    @Test func oneVoxelAtTheBorderHasAllMetrics() throws {
        let grid = Geometry(size: [4, 4, 4], affine: Affine(spacingInMillimetres: [1, 2, 3]))
        var (truth, prediction) = (
            Volume<UInt8>(geometry: grid, repeating: 0), Volume<UInt8>(geometry: grid, repeating: 0)
        )
        truth[0, 0, 0] = 1
        prediction[3, 3, 3] = 1
        let one = try CaseMetrics.measure(truth: truth, prediction: prediction, labelSet: .spine25).classes[0]
        let apart = (9.0 + 36 + 81).squareRoot()
        for distance in [
            one.voxelSurface?.hausdorff, one.voxelSurface?.hausdorff95, one.voxelSurface?.assd,
            one.centroidDistanceInMillimetres,
        ] {
            #expect(abs((distance ?? 0) - apart) < 1e-6)
        }
        #expect(one.touchesBorder && one.meshSurface?.truthToPredicted.points == 6)
        #expect(one.agreement.allSatisfy { $0.boundaryF1 == 0 && $0.normalizedSurfaceDice == 0 })
        let flat = Geometry(size: [1, 1, 1], affine: .identity)
        let all = try CaseMetrics.measure(
            truth: Volume(geometry: flat, voxels: [3]), prediction: Volume(geometry: flat, voxels: [3]),
            labelSet: .spine25)
        #expect(
            all.classes[2].dice == 1 && all.classes[2].voxelSurface?.hausdorff == 0 && all.classes[2].specificity == nil
                && all.kappa == nil)
    }

    @Test func classesInOneMapHaveNoDistances() throws {
        let grid = Geometry(size: [6, 6, 6], affine: .identity)
        var truth = Volume<UInt8>(geometry: grid, repeating: 0)
        truth[2, 2, 2] = 9
        let empty = Volume<UInt8>(geometry: grid, repeating: 0)
        for (truth, prediction) in [(truth, empty), (empty, truth)] {
            let found = try CaseMetrics.measure(truth: truth, prediction: prediction, labelSet: .spine25)
            let one = found.classes[8]
            #expect(
                one.voxelSurface == nil && one.meshSurface == nil && one.centroidDistanceInMillimetres == nil
                    && one.dice == 0)
            #expect(one.agreement.map(\.boundaryF1) == [0, 0] && one.agreement.map(\.normalizedSurfaceDice) == [0, 0])
            #expect(found.classes[0].agreement.map(\.boundaryF1) == [nil, nil])
        }
        let nothing = try CaseMetrics.measure(truth: empty, prediction: empty, labelSet: .spine24)
        #expect(
            nothing.classes.count == 24 && nothing.accuracy == 1 && nothing.identification.identificationRate == nil)
        #expect(nothing.confusion == [ConfusionEntry(truth: 0, prediction: 0, voxels: 216)])
    }

    @Test func policiesSayWhatEmptyClassesAreWorth() throws {
        let grid = Geometry(size: [2, 2, 2], affine: .identity)
        let truth = Volume<UInt8>(geometry: grid, voxels: [1, 1, 0, 0, 2, 0, 0, 0])
        let prediction = Volume<UInt8>(geometry: grid, voxels: [1, 0, 1, 0, 0, 3, 3, 0])
        func classes(_ policy: EmptyClassPolicy) throws -> [ClassMetrics] {
            try CaseMetrics.measure(
                truth: truth, prediction: prediction, labelSet: .spine25, options: MetricOptions(emptyClasses: policy)
            ).classes
        }
        for policy in EmptyClassPolicy.allCases {
            #expect(try classes(policy)[0].dice == 0.5 && classes(policy)[1].dice == 0)
        }
        #expect(
            try classes(.undefined)[2].dice == 0 && classes(.undefined)[2].sensitivity == nil
                && classes(.undefined)[3].accuracy == nil)
        #expect(
            try classes(.monai)[2].dice == nil && classes(.monai)[2].specificity == nil
                && classes(.monai)[2].agreement[0].boundaryF1 == nil)
        #expect(
            try classes(.nnUNet)[2].dice == 0 && classes(.nnUNet)[3].dice == nil && classes(.nnUNet)[3].specificity == 1
        )
        #expect(
            try classes(.misEval)[3].dice == 1 && classes(.misEval)[3].iou == 0 && classes(.misEval)[3].auc == 1
                && classes(.misEval)[1].precision == 0)
    }

    @Test func gridsThatAreNoneAreErrors() throws {
        let grid = Geometry(size: [2, 2, 2], affine: .identity)
        let truth = Volume<UInt8>(geometry: grid, repeating: 0)
        for spacing in [[Double.nan, 1, 1], [1, 0, 1], [1, 1, .infinity]] {
            let broken = Volume<UInt8>(
                geometry: Geometry(size: [2, 2, 2], affine: Affine(spacingInMillimetres: spacing)), repeating: 0)
            for (truth, prediction) in [(truth, broken), (broken, truth), (broken, broken)] {
                let error = #expect(throws: MetricsError.self) {
                    try CaseMetrics.measure(truth: truth, prediction: prediction, labelSet: .spine25)
                }
                #expect(error?.code == .invalidGrid)
            }
        }
        let turned = Volume<UInt8>(
            geometry: Geometry(
                size: [2, 2, 2],
                affine: Affine(columns: [SIMD3(0, 1, 0), SIMD3(1, 0, 0), SIMD3(0, 0, 1)], origin: .zero)), repeating: 0)
        let error = #expect(throws: MetricsError.self) {
            try CaseMetrics.measure(truth: truth, prediction: turned, labelSet: .spine25)
        }
        #expect(error?.code == .gridsDiffer)
        #expect(error?.description.contains("[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]") == true)
        #expect(error?.description.contains("[[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]]") == true)
        for tolerance in [-1, Double.nan, .infinity] {
            let error = #expect(throws: MetricsError.self) {
                try CaseMetrics.measure(
                    truth: truth, prediction: truth, labelSet: .spine25,
                    options: MetricOptions(tolerancesInMillimetres: [tolerance]))
            }
            #expect(error?.code == .invalidTolerance)
        }
    }
}

/// By definition, point against point.
private enum BruteForce {
    static func boundary(_ label: UInt8, _ volume: Volume<UInt8>) -> [SIMD3<Double>] {
        let size = volume.geometry.size
        var points: [SIMD3<Double>] = []
        for k in 0..<size[2] {
            for j in 0..<size[1] {
                for i in 0..<size[0] where volume[i, j, k] == label {
                    let isInner = [(-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1)].allSatisfy {
                        step in
                        let (x, y, z) = (i + step.0, j + step.1, k + step.2)
                        return x >= 0 && y >= 0 && z >= 0 && x < size[0] && y < size[1] && z < size[2]
                            && volume[x, y, z] == label
                    }
                    if !isInner {
                        points.append(volume.geometry.affine.applied(to: SIMD3(Double(i), Double(j), Double(k))))
                    }
                }
            }
        }
        return points
    }

    static func distances(_ from: [SIMD3<Double>], _ to: [SIMD3<Double>]) -> [Double] {
        from.map { point in
            var least = Double.infinity
            for other in to { least = min(least, ((point - other) * (point - other)).sum()) }
            return least.squareRoot()
        }
    }

    /// numpy's default.
    static func percentile95(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let position = 0.95 * Double(sorted.count - 1)
        let (low, high) = (sorted[Int(position)], sorted[min(Int(position) + 1, sorted.count - 1)])
        return low + (high - low) * (position - position.rounded(.down))
    }
}
