import DICOMSeries
import Foundation
import TestSupport
import Testing
import Volumes

/// One CT slice in 16 encodings; the largest differences are those the data's README states.
@Suite(.enabled(if: Fixtures.data("codecs") != nil))
struct CodecTests {
    @Test(
        arguments: [
            ("BigEndianExplicit.1.2.840.10008.1.2.2", 0), ("DeflatedExplicitVRLittleEndian.1.2.840.10008.1.2.1.99", 0),
            ("LittleEndianExplicit.1.2.840.10008.1.2.1", 0), ("LittleEndianImplicit.1.2.840.10008.1.2", 0),
            ("RLELossless.1.2.840.10008.1.2.5", 0), ("JPEGProcess14.1.2.840.10008.1.2.4.57", 0),
            ("JPEGProcess14SV1.1.2.840.10008.1.2.4.70", 0), ("JPEGLSLossless.1.2.840.10008.1.2.4.80", 0),
            ("JPEG2000LosslessOnly.1.2.840.10008.1.2.4.90", 0), ("JPEGLSLossy.1.2.840.10008.1.2.4.81", 1),
            ("JPEG2000.1.2.840.10008.1.2.4.91", 5), ("JPEGProcess2_4.1.2.840.10008.1.2.4.51", 36),
            ("JPEGProcess6_8.1.2.840.10008.1.2.4.53", 36), ("JPEGProcess10_12.1.2.840.10008.1.2.4.55", 36),
            ("JPEGProcess1.1.2.840.10008.1.2.4.50", 65),
        ] as [(String, Float)])
    func everyTransferSyntaxGivesTheSameSlice(name: String, tolerance: Float) throws {
        let folder = try #require(Fixtures.data("codecs"))
        let original = try DICOMReader.readSeries(at: folder.appending(path: "Original.dcm"))
        let encoded = try DICOMReader.readSeries(at: folder.appending(path: name + ".dcm"))
        #expect(encoded.volume.geometry == original.volume.geometry)
        let differences = zip(encoded.volume.voxels, original.volume.voxels).map { abs($0 - $1) }
        #expect(try #require(differences.max()) <= tolerance)
        #expect(name.hasSuffix(encoded.tags.transferSyntax))
    }
}
