import Foundation
import TestSupport
import Testing
import Volumes

/// Files written with nibabel 5.4.2 in every type, byte order and version; `formats.json` has what nibabel reads back.
@Suite struct NIfTIFormatTests {
    struct Expected: Decodable {
        var size: [Int]
        var affine: [[Double]]
        var axcodes: String
        var values: [Double]
    }

    static let cases: [String: Expected] = {
        guard let data = try? Data(contentsOf: Fixtures.url("volumes/formats/formats.json")) else { return [:] }
        return (try? JSONDecoder().decode([String: Expected].self, from: data)) ?? [:]
    }()

    @Test func allFormatsAreThere() { #expect(Self.cases.count == 30) }

    @Test(arguments: cases.keys.sorted()) func readsAsNibabelReads(_ name: String) throws {
        let expected = try #require(Self.cases[name])
        let volume = try NIfTI.readImage(Fixtures.url("volumes/formats/" + name))
        #expect(volume.geometry.size == expected.size)
        for (row, values) in expected.affine.enumerated() {
            for (column, value) in values.enumerated() {
                #expect(abs(volume.geometry.affine[row, column] - value) < 1e-5, "row \(row), column \(column)")
            }
        }
        #expect(volume.geometry.orientation.description == expected.axcodes)
        #expect(volume.voxels == expected.values.map { Float($0) })
    }

    @Test func headerSaysWhereTheAffineCameFrom() throws {
        func header(_ name: String) throws -> NIfTIHeader {
            try NIfTI.readHeader(Fixtures.url("volumes/formats/" + name))
        }
        #expect(try header("both-forms.nii").affineSource == .sform)
        #expect(try header("qform-only.nii").affineSource == .qform)
        #expect(try header("neither-form.nii").affineSource == .pixdim)
        #expect(try header("big-nifti2.nii").version == 2)
        #expect(try header("big-nifti2.nii").isBigEndian)
        #expect(try header("scaled.nii").slope == 0.5)
    }
}
