import DICOMSeries
import Foundation
import TensorCore
import TestSupport
import Testing
import Volumes

/// A DICOM series of 512×512×20, read and resampled to 1.5 mm, beside MONAI, SimpleITK and nnU-Net at every fourth
/// voxel; see golden/README.md.
@Suite(
    .enabled(
        if: Fixtures.golden("resampling/ct_dicom_whole_subset.safetensors") != nil
            && Fixtures.data("abdomen-series/dicom") != nil))
struct WholeSeriesResamplingTests {
    @Test(arguments: [
        ("monai.image", "RAS", Interpolation.linear, ResamplingConvention.monai, Float(0.02)),
        ("simpleitk.linear", "LPS", .linear, .itk, 0.02),
        ("simpleitk.bspline3", "LPS", .cubic, .itk, 0.1), ("nnunet.image", "LPS", .cubic, .nnUNet, 0.1),
    ])
    func imagesAreThePeers(
        _ name: String, _ letters: String, _ interpolation: Interpolation, _ convention: ResamplingConvention,
        _ tolerance: Float
    ) throws {
        let golden = try Safetensors.read(try #require(Fixtures.golden("resampling/ct_dicom_whole_subset.safetensors")))
            .tensor(name)
        let series = try DICOMReader.readSeries(at: try #require(Fixtures.data("abdomen-series/dicom")))
        let volume = series.volume.reoriented(to: try #require(Orientation(letters)))
        let result = try volume.resampled(
            toSpacingInMillimetres: [1.5, 1.5, 1.5], interpolation: interpolation, convention: convention)
        let size = result.geometry.size
        // nnU-Net's arrays are (k, j, i), the others (i, j, k), all with the last axis fastest.
        let isReversed = name.hasPrefix("nnunet")
        let counts = size.map { ($0 + 3) / 4 }
        #expect(golden.shape == (isReversed ? counts.reversed() : counts))
        let expected = golden.values
        var largest: Float = 0
        for k in 0..<counts[2] {
            for j in 0..<counts[1] {
                for i in 0..<counts[0] {
                    let place = isReversed ? i + counts[0] * (j + counts[1] * k) : k + counts[2] * (j + counts[1] * i)
                    largest = max(largest, abs(result[4 * i, 4 * j, 4 * k] - expected[place]))
                }
            }
        }
        #expect(largest <= tolerance, "largest difference \(largest) HU")
    }
}
