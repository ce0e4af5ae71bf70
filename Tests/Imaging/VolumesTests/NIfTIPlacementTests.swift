import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Headers whose maps are missing, broken or contradict each other: what is taken is said, and what cannot be known is
/// refused.
@Suite struct NIfTIPlacementTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func header(_ made: MadeHeader) throws -> NIfTIHeader {
        try NIfTI.readHeader(folder.file("made.nii", made.file))
    }

    private static let right = Affine(rows: [[-0.5, 0, 0, 100], [0, -0.75, 0, 120], [0, 0, 2.5, 50]])

    private func isRight(_ header: NIfTIHeader) -> Bool {
        header.geometry.isSameGrid(as: Geometry(size: [4, 3, 2], affine: Self.right))
    }

    @Test func mapsThatAgreeNeedNoRemark() throws {
        let header = try header(MadeHeader())
        #expect(header.affineSource == .sform && isRight(header) && header.remarks.isEmpty)
    }

    /// PennLINC/qsiprep#125, pnlbwh/dMRIharmonization#49.
    @Test(
        arguments: [
            [Float](repeating: 0, count: 12), [.nan] + [Float](repeating: 0, count: 11),
            [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0],
        ], [1, 2])
    func theQformStandsInForAnSformWithoutAMatrix(_ sform: [Float], _ version: Int) throws {
        let header = try header(MadeHeader(version: version, sformCode: 2, sform: sform))
        #expect(header.affineSource == .qform && isRight(header))
        #expect(
            header.remarks.count == 1 && header.remarks[0].hasPrefix("the sform has code 2, but its matrix")
                && header.remarks[0].hasSuffix("the qform was taken"))
    }

    /// libnifti takes 0 for it, which moves the volume.
    @Test func anOffsetThatIsNoNumberIsNotZero() throws {
        var made = MadeHeader()
        made.sform[3] = .nan
        #expect(try isRight(header(made)))
        made.qformCode = 0
        #expect(throws: VolumeError(.affineNotInvertible, "")) { try header(made) }
        made = MadeHeader(sformCode: 0)
        made.qform[4] = .infinity
        #expect(throws: VolumeError(.affineNotInvertible, "")) { try header(made) }
    }

    @Test func brokenQformsBesideAGoodSformAreLeftOut() throws {
        for change in [{ $0.pixelDimensions[2] = 0 }, { $0.qform[0] = .nan }, { $0.qform[0] = 1.5 }]
            as [(inout MadeHeader) -> Void]
        {
            var made = MadeHeader()
            change(&made)
            let header = try header(made)
            #expect(header.affineSource == .sform && isRight(header))
            #expect(header.remarks.first?.hasPrefix("the qform has code 1, but ") == true)
        }
    }

    @Test func twoBrokenMapsAreRefusedAndBothAreNamed() {
        var made = MadeHeader(sform: [Float](repeating: 0, count: 12))
        made.qform[2] = 2
        let error = #expect(throws: VolumeError.self) { try header(made) }
        #expect(
            error?.description.contains(
                "the sform has code 1, but its matrix is all zeros; the qform has code 1, but its quaternion") == true)
        // A qform alone, with sizes that are none.
        made = MadeHeader(sformCode: 0)
        made.pixelDimensions[1] = 0
        #expect(throws: VolumeError(.spacingNotPositive, "")) { try header(made) }
    }

    @Test func aQuaternionOfZerosIsNoTurn() throws {
        var made = MadeHeader(sformCode: 0)
        made.qform[2] = 0
        let header = try header(made)
        #expect(
            header.affineSource == .qform && header.geometry.orientation.description == "RAS" && header.remarks.isEmpty)
    }

    @Test func mapsThatDisagreeAreTold() throws {
        var made = MadeHeader()
        made.qform[3] = 107
        #expect(try header(made).remarks == ["sform and qform place corners up to 7.0 mm apart: the sform was taken"])
        made.qform = [0, 0, 0, 100, 120, 50]
        made.pixelDimensions[0] = -1
        let mirrored = try header(made)
        #expect(mirrored.remarks.first?.contains("mirror each other") == true && isRight(mirrored))
    }

    @Test func voxelSizesThatAreNotTheSformsAreTold() throws {
        var made = MadeHeader(qformCode: 0)
        made.pixelDimensions[1...3] = [1, 1, 1]
        let header = try header(made)
        #expect(
            isRight(header)
                && header.remarks == [
                    "voxel sizes are [1.0, 1.0, 1.0] mm in pixdim, but [0.5, 0.75, 2.5] mm in the sform: the sform was taken"
                ])
    }

    @Test func handednessThatIsNeitherOneNorMinusOneIsTold() throws {
        for (value, remarks) in [(Float(0), 0), (1, 0), (3, 1), (.nan, 1)] {
            var made = MadeHeader(sformCode: 0)
            made.pixelDimensions[0] = value
            let header = try header(made)
            #expect(isRight(header) && header.remarks.count == remarks)
        }
    }

    @Test func sizesAloneLeaveRightAndLeftOpen() throws {
        let header = try header(MadeHeader(sformCode: 0, qformCode: 0))
        #expect(
            header.affineSource == .pixdim
                && header.remarks == ["neither sform nor qform is set: right and left are assumed, not stated"])
    }

    @Test func dimensionsThatAreCountedButNotSetAreOne() throws {
        #expect(try header(MadeHeader(dimensions: [5, 4, 3, 2, 0, 1, 0, 0])).geometry.size == [4, 3, 2])
        #expect(throws: VolumeError(.invalidHeader, "")) {
            try header(MadeHeader(dimensions: [3, 4, 0, 2, 1, 1, 1, 1]))
        }
    }

    @Test func anInterceptWithoutASlopeIsTold() throws {
        let made = MadeHeader(slope: 0, intercept: -1024)
        #expect(
            try header(made).remarks == [
                "the scaling's slope is 0.0, which means none: values are as stored, without the intercept of -1024.0"
            ])
        #expect(try header(MadeHeader(slope: 0, intercept: .nan)).remarks.isEmpty)
        #expect(try header(MadeHeader(slope: .nan)).remarks.count == 1)
    }
}
