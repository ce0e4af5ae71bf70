import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Slices whose values are a linear function of where they lie: linear interpolation must give that function back
/// everywhere.
struct SeriesGeometryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Of LPS millimetres; whole at the pixels of the made slices only where the geometry is.
    private static func expected(_ point: SIMD3<Double>) -> Double { 40 * point.x - 30 * point.y + 25 * point.z }

    private func write(
        _ positions: [SIMD3<Double>], orientation: [Double] = [1, 0, 0, 0, 1, 0], thickness: [Double] = []
    ) throws {
        let (across, down) = (
            SIMD3(orientation[0], orientation[1], orientation[2]), SIMD3(orientation[3], orientation[4], orientation[5])
        )
        for (index, position) in positions.enumerated() {
            var object = MadeObject(instance: index, position: position, orientation: orientation) { column, row in
                Int(Self.expected(position + across * 0.75 * Double(column) + down * 0.5 * Double(row)).rounded())
            }
            if !thickness.isEmpty { object.numbers(0x0018_0050, [thickness[index]]) }
            // Names in another order than positions.
            try object.write(to: folder.file("\((index * 7 + 3) % positions.count)-\(index)"))
        }
    }

    /// Largest difference from the linear function over voxels that no slice's border is near; number of voxels
    /// compared.
    private func largestDifference(_ volume: Volume<Float>, fill: Float) -> (difference: Double, compared: Int) {
        var (largest, compared) = (0.0, 0)
        let size = volume.geometry.size
        for k in 0..<size[2] {
            for j in 0..<size[1] {
                for i in 0..<size[0] where volume[i, j, k] != fill {
                    let point = volume.geometry.affine.applied(to: SIMD3(Double(i), Double(j), Double(k)))
                    let expected = Self.expected(SIMD3(-point.x, -point.y, point.z))
                    largest = max(largest, abs(Double(volume[i, j, k]) - expected))
                    compared += 1
                }
            }
        }
        return (largest, compared)
    }

    @Test(arguments: [SIMD3(0, 0.4, 0), SIMD3(0, -0.4, 0), SIMD3(0.3, 0, 0), SIMD3(-0.3, 0.25, 0)])
    func tiltIsCorrectedAsAShear(shear: SIMD3<Double>) throws {
        try write((0..<6).map { SIMD3(-3, 4, 7) + (SIMD3(0, 0, 1) + shear) * 2 * Double($0) })
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.isResampled)
        #expect(series.decisions.count == 1 && series.decisions[0].hasPrefix("gantry tilt of "))
        let (columns, rows) = (
            Int((abs(shear.x) * 10 / 0.75).rounded(.up)), Int((abs(shear.y) * 10 / 0.5).rounded(.up))
        )
        #expect(series.geometry.size == [12 + columns, 10 + rows, 6])
        // Perpendicular axes now.
        let axes = (0..<3).map { series.geometry.affine.column($0) }
        #expect(abs((axes[0] * axes[2]).sum()) < 1e-9 && abs((axes[1] * axes[2]).sum()) < 1e-9)
        let fill = try #require(series.volume.voxels.min())
        let (difference, compared) = largestDifference(series.volume, fill: fill)
        #expect(difference <= 1.01)
        #expect(compared > 6 * 12 * 10 * 3 / 4)
    }

    /// Slices tilted against the table, as scanners write it: the orientation is oblique, the steps are along the
    /// table.
    @Test func tiltedOrientationBecomesAGridAlongTheSlices() throws {
        let (sine, cosine) = (sin(15 * Double.pi / 180), cos(15 * Double.pi / 180))
        try write((0..<6).map { SIMD3(-3, 4, 7 + 2 * Double($0)) }, orientation: [1, 0, 0, 0, cosine, -sine])
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.decisions.contains { $0.hasPrefix("gantry tilt of 15.0° corrected as a shear") })
        #expect(abs(series.geometry.spacingInMillimetres[2] - 2 * cosine) < 1e-9)
        let fill = try #require(series.volume.voxels.min())
        #expect(largestDifference(series.volume, fill: fill).difference <= 1.01)
    }

    @Test func unequalSpacingIsResampledToTheSmallestStep() throws {
        try write([0, 2, 4, 7.1, 10.2, 13.3].map { SIMD3(-3, 4, $0) })
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.decisions == ["spacing 2.0 to 3.1 mm resampled linearly to 2.0 mm"])
        #expect(series.geometry.size == [12, 10, 7])
        #expect(abs(series.geometry.spacingInMillimetres[2] - 2) < 1e-9)
        #expect(largestDifference(series.volume, fill: .nan).difference <= 1.01)
        #expect(series.instances.map(\.position.z) == [0, 2, 4, 7.1, 10.2, 13.3])
    }

    /// However close two slices lie, the grid stays of the order of what was sent.
    @Test func almostEqualPositionsDoNotMakeAHugeGrid() throws {
        try write([0, 5, 5.02, 10, 15.3].map { SIMD3(-3, 4, $0) })
        #expect(try DICOMReader.readSeries(at: folder.url).geometry.size[2] <= 8 * 5)
    }

    /// Three files must not ask for a grid of half a terabyte, whatever the policy allows.
    @Test func aHandfulOfSlicesFarApartIsNoVolume() throws {
        try write([0, 1, 900_000].map { SIMD3(-3, 4, $0) })
        #expect(throws: DICOMError(.inconsistentGeometry, "")) {
            try DICOMReader.readSeries(at: folder.url, policy: SeriesPolicy(missingSlices: .interpolate))
        }
    }

    @Test func aShearThatNoGantryHasIsRefused() throws {
        try write((0..<6).map { SIMD3(-3 + 30 * Double($0), 4, Double($0)) })
        #expect(throws: DICOMError(.inconsistentGeometry, "")) { try DICOMReader.readSeries(at: folder.url) }
    }

    @Test func missingSlicesAreInterpolatedWhereThePolicyAllows() throws {
        try write([0, 2, 4, 8, 10, 16, 18].map { SIMD3(-3, 4, $0) })
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .missingSlice)
        #expect(error.description.contains("series lacks 3 slices: gap between 4.0 mm and 8.0 mm"))
        let series = try DICOMReader.readSeries(at: folder.url, policy: SeriesPolicy(missingSlices: .interpolate))
        #expect(
            series.decisions == ["3 missing slices interpolated linearly at a step of 2.0 mm, as the policy allows"])
        #expect(series.geometry.size == [12, 10, 10])
        #expect(largestDifference(series.volume, fill: .nan).difference <= 1.01)
    }

    /// Thin slices below, thick ones above, as for the posterior fossa: a protocol, no loss.
    @Test func thickSlicesAboveThinOnesAreNoLoss() throws {
        try write([0, 2.5, 5, 7.5, 10, 15, 20].map { SIMD3(-3, 4, $0) }, thickness: [2.5, 2.5, 2.5, 2.5, 5, 5, 5])
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.decisions == ["spacing 2.5 to 5.0 mm resampled linearly to 2.5 mm"])
        #expect(series.geometry.size[2] == 9)
    }

    @Test func sliceBesideTheLineIsLocated() throws {
        try write([SIMD3(0, 0, 0), SIMD3(0, 0, 2), SIMD3(3, 0, 4), SIMD3(0, 0, 6)])
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .inconsistentGeometry)
        #expect(error.description.contains("lies 3.0 mm beside the line"))
    }

    @Test func instancesAreInTheOrderOfSlices() throws {
        try write((0..<5).map { SIMD3(-3, 4, 8 - 2 * Double($0)) })
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.instances.map(\.sopInstanceUID) == (0..<5).reversed().map { "2.25.7.\($0)" })
        #expect(series.instances.map(\.position.z) == [0, 2, 4, 6, 8])
        #expect(series.instances.allSatisfy { $0.sopClassUID == "1.2.840.10008.5.1.4.1.1.2" && $0.frameNumber == nil })
        for (k, instance) in series.instances.enumerated() {
            #expect(
                try DICOMReader.readSeries(at: instance.file).volume.voxels
                    == Array(series.volume.voxels[k * 120..<(k + 1) * 120]))
        }
    }

    /// Two overviews of other orientations and a reformatted stack with more slices, all under one series UID.
    @Test func volumeIsChosenAmongTheStacksOfASeries() throws {
        try write((0..<5).map { SIMD3(-3, 4, 2 * Double($0)) })
        try MadeObject(instance: 50, position: .zero, orientation: [1, 0, 0, 0, 0, -1], rows: 30, columns: 20).write(
            to: folder.file("scout-1"))
        try MadeObject(instance: 51, position: .zero, orientation: [0, 1, 0, 0, 0, -1], rows: 30, columns: 20).write(
            to: folder.file("scout-2"))
        for index in 0..<9 {
            var object = MadeObject(
                instance: 60 + index, position: SIMD3(0, Double(index), 0), orientation: [1, 0, 0, 0, 0, -1])
            object.text(0x0008_0008, "CS", "DERIVED\\SECONDARY\\MPR")
            try object.write(to: folder.file("mpr-\(index)"))
        }
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.geometry.size == [12, 10, 5])
        #expect(series.skipped == [SkippedObjects(reason: .otherStack, modality: "CT", count: 11)])
        #expect(
            series.decisions.count == 1
                && series.decisions[0].hasPrefix("series holds 4 stacks: the one of 5 axial slices of 12×10 was read"))
    }

    @Test func rescaleIsEachSlicesOwn() throws {
        for index in 0..<4 {
            var object = MadeObject(instance: index, position: SIMD3(0, 0, 2 * Double(index))) { _, _ in 10 }
            object.numbers(0x0028_1052, [Double(-100 * index)])
            object.numbers(0x0028_1053, [Double(1 + index)])
            try object.write(to: folder.file("\(index)"))
        }
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect((0..<4).map { series.volume[3, 3, $0] } == [10, -80, -170, -260])
        #expect(series.decisions == ["slices have 4 different rescales: each was rescaled by its own"])
    }

    @Test func oneSeriesMayMixTransferSyntaxes() throws {
        let encodings: [MadeObject.Encoding] = [.explicit, .implicit, .deflated, .explicit]
        for (index, encoding) in encodings.enumerated() {
            var object = MadeObject(instance: index, position: SIMD3(0, 0, 2 * Double(index)))
            object.encoding = encoding
            try object.write(to: folder.file("\(index)"))
        }
        let voxels = try DICOMReader.readSeries(at: folder.url).volume.voxels
        #expect(voxels == (0..<4).flatMap { _ in (0..<10).flatMap { row in (0..<12).map { Float(100 * row + $0) } } })
    }
}
