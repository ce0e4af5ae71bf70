import Faults
import Foundation
import Planning
import Statistics
import TestSupport
import Testing
import Volumes

/// The oracle is nnU-Net 2.8's extractor (Tests/Fixtures/fingerprint/make.py).
@Suite struct CaseFingerprintTests {
    private static func cases(draws: Int) throws -> [CaseFingerprint] {
        try (0..<4).map { number in
            try CaseFingerprint(
                image: NIfTI.readImage(Fixtures.url("fingerprint/case-\(number).nii.gz")),
                label: NIfTI.readLabels(Fixtures.url("fingerprint/case-\(number)-labels.nii.gz")), draws: draws)
        }
    }

    @Test func aFingerprintIsNNUNets() throws {
        let expected = try JSONDecoder().decode(
            DataSetFingerprint.self, from: Data(contentsOf: Fixtures.url("fingerprint/fingerprint.json")))
        let found = try DataSetFingerprint(Self.cases(draws: 50_000 / 4))
        #expect(found.shapes == expected.shapes)
        for (own, other) in zip(found.spacings.joined(), expected.spacings.joined()) {
            #expect(abs(own - other) < 1e-6)
        }
        #expect(abs(found.medianRelativeSize - expected.medianRelativeSize) < 1e-12)
        let (own, other) = (found.intensities, expected.intensities)
        #expect(own.minimum == other.minimum && own.maximum == other.maximum)
        // NumPy sums in single precision.
        for (own, other) in [
            (own.mean, other.mean), (own.median, other.median), (own.standardDeviation, other.standardDeviation),
            (own.percentile0_5, other.percentile0_5), (own.percentile99_5, other.percentile99_5),
        ] { #expect(abs(own - other) <= 2e-6 * abs(other), "\(own), nnU-Net has \(other)") }
    }

    /// `numpy.bincount(numpy.random.RandomState(1234).choice(n, draws))`.
    @Test func drawsAreCountedAsNumPyDrawsThem() {
        var random = MersenneTwister(seed: 1234)
        #expect(random.tally(1000, of: 5) == [182, 223, 204, 209, 182])
        random = MersenneTwister(seed: 1234)
        #expect(Array(random.tally(20_000, of: 1000).prefix(12)) == [19, 24, 22, 22, 15, 26, 20, 20, 17, 18, 33, 24])
        #expect(random.tally(7, of: 1) == [7])
    }

    @Test func theOrderOfMergingDoesNotMatter() throws {
        let cases = try Self.cases(draws: 1000)
        let forward = try DataSetFingerprint(cases).intensities
        let backward = try DataSetFingerprint(cases.reversed()).intensities
        #expect(forward == backward)
    }

    @Test func aDataSetWithoutAnyLabelIsRefused() throws {
        let unlabelled = try Self.cases(draws: 10)[3]
        let error = #expect(throws: PlanningError.self) { try DataSetFingerprint([unlabelled, unlabelled]) }
        #expect(error?.description.contains("none of the 2 cases has a labelled voxel") == true)
        #expect(throws: PlanningError.self) { try DataSetFingerprint([CaseFingerprint]()) }
    }

    @Test func labelsOfAnotherGridAreRefused() throws {
        let geometry = Geometry(size: [4, 4, 4], affine: .identity)
        let error = #expect(throws: PlanningError.self) {
            try CaseFingerprint(
                image: Volume(geometry: geometry, repeating: 1),
                label: Volume(geometry: Geometry(size: [4, 4, 3], affine: .identity), repeating: 1), draws: 10)
        }
        #expect(error?.description.contains("the image has [4, 4, 4] voxels, the labels [4, 4, 3]") == true)
    }
}
