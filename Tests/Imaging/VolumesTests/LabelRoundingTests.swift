import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Labels that floating point numbers or a slope have moved a little are the whole numbers they were; fractions are
/// none.
@Suite struct LabelRoundingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func labels(_ made: MadeHeader) throws -> [UInt8] {
        try NIfTI.readLabels(folder.file("labels.nii", made.file)).voxels
    }

    private static let wanted = (0..<24).map { UInt8($0) }

    /// Project-MONAI/MONAI#2746, nipreps/petprep#152, spinalcordtoolbox/spinalcordtoolbox#3232.
    @Test func numbersALittleOffAreWhole() throws {
        for factor in [0.99999997, 1.00000003, 20.999999995 / 21] {
            var made = MadeHeader()
            made.setVoxels(Self.wanted.map { Double($0) * factor }, type: 64)
            #expect(try labels(made) == Self.wanted)
            made.setVoxels(Self.wanted.map { Float(Double($0) * factor) }, type: 16)
            #expect(try labels(made) == Self.wanted)
        }
        var made = MadeHeader()
        made.setVoxels(Self.wanted.map { Double($0) - 0.0009 }, type: 64)
        #expect(try labels(made) == Self.wanted)
    }

    /// spinalcordtoolbox/spinalcordtoolbox#3232: 0.1 in single precision.
    @Test func tenthsOfWholeNumbersAreWhole() throws {
        var made = MadeHeader(slope: 0.1)
        made.setVoxels(Self.wanted.map { Int16($0) * 10 }, type: 4)
        #expect(try labels(made) == Self.wanted)
    }

    /// nipy/nibabel#1344, #1001: the range of the labels is spread over that of the stored type, with an offset.
    @Test func labelsSpreadOverTheStoredTypeAreTheNearestWholeNumbers() throws {
        var made = MadeHeader(slope: 23 / 255)
        made.setVoxels(Self.wanted.map { UInt8((Double($0) / Double(Float(23) / 255)).rounded()) }, type: 2)
        #expect(try labels(made) == Self.wanted)
        let slope = Float(23) / 65000
        made = MadeHeader(slope: slope, intercept: 11.5)
        made.setVoxels(Self.wanted.map { Int16(((Double($0) - 11.5) / Double(slope)).rounded()) }, type: 4)
        #expect(try labels(made) == Self.wanted)
    }

    @Test func fractionsAreRefused() throws {
        for fraction in [20.5, 20.01, 0.002, -0.4] {
            var made = MadeHeader()
            made.setVoxels([fraction] + [Double](repeating: 1, count: 23), type: 64)
            #expect(throws: VolumeError(.labelsNotIntegers, "")) { try labels(made) }
        }
        // One step off at a slope of a tenth, half a label at a coarse one.
        for (slope, stored) in [(Float(0.1), Int16(201)), (0.5, 41), (0.25, 81), (0.3, 67)] {
            var made = MadeHeader(slope: slope)
            made.setVoxels([stored] + [Int16](repeating: 0, count: 23), type: 4)
            #expect(throws: VolumeError(.labelsNotIntegers, "")) { try labels(made) }
        }
    }

    @Test func whatRoundsBeyondTheRangeIsNoLabel() throws {
        var made = MadeHeader()
        made.setVoxels([-0.0004, 255.0004] + [Double](repeating: 1, count: 22), type: 64)
        #expect(try labels(made).prefix(2) == [0, 255])
        made.setVoxels([255.9995] + [Double](repeating: 1, count: 23), type: 64)
        #expect(throws: VolumeError(.labelsNotIntegers, "")) { try labels(made) }
    }
}
