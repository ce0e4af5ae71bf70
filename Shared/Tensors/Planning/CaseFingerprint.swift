import Faults
import Plans
import Statistics
package import Volumes

/// What one case tells of its data set: its grid, and intensities drawn from what is labelled.
package struct CaseFingerprint: Sendable, Equatable {
    /// (k, j, i) of the image turned to RAS, as nnU-Net's `NibabelIOWithReorient` reads it; in mm.
    package let spacing: [Double]
    /// In voxels, cropped to what is not zero.
    package let shape: [Int]
    /// Of the cropped volume to the whole.
    package let relativeSize: Double
    package let foreground: IntensityTally

    /// nnU-Net draws the same numbers in every case.
    private static let seed: UInt32 = 1234
    private static let drawsPerDataSet = 100_000_000

    /// How many intensities nnU-Net draws from each of so many cases.
    package static func draws(cases: Int) -> Int { drawsPerDataSet / max(1, cases) }

    /// nnU-Net fills the holes of what is not zero before it crops to it. The box around it stays the same, and so does
    /// what is labelled in it; neither is done here.
    ///
    /// - Parameters:
    ///   - image: in HU, on its own grid.
    ///   - label: on the image's grid.
    ///   - draws: with replacement, from the voxels with a label; none where there are none.
    /// - Throws: `PlanningError.unusableCase`, `PlanError.voxelNotFinite`.
    package init(image: Volume<Float>, label: Volume<UInt8>, draws: Int) throws {
        guard label.geometry.size == image.geometry.size else {
            throw PlanningError(
                .unusableCase,
                "labels do not lie on the image's grid: the image has \(image.geometry.size) voxels, the labels \(label.geometry.size)"
            )
        }
        try Preprocessor.demandFinite(image)
        let whole = image.geometry.voxelCount
        let turned = image.reoriented(to: .ras)
        let box = turned.boxOfNonZeroVoxels
        let image = turned.cropped(to: box)
        let label = label.reoriented(to: .ras).cropped(to: box)
        spacing = image.geometry.spacingInMillimetres.reversed()
        shape = image.geometry.size.reversed()
        relativeSize = Double(image.geometry.voxelCount) / Double(whole)
        var labelled: [Float] = []
        for (voxel, label) in zip(image.voxels, label.voxels) where label > 0 { labelled.append(voxel) }
        guard !labelled.isEmpty else {
            foreground = IntensityTally([], counts: [])
            return
        }
        var random = MersenneTwister(seed: Self.seed)
        foreground = IntensityTally(labelled, counts: random.tally(draws, of: labelled.count))
    }
}

extension DataSetFingerprint {
    /// - Parameter cases: one or more, in nnU-Net's order, that of their names.
    /// - Throws: `PlanningError.unusableFingerprint` where no case has a labelled voxel, or there is no case.
    package init(_ cases: [CaseFingerprint]) throws {
        // Merged like with like, so that no long one is gone through for every case.
        var tallies: [IntensityTally] = []
        for one in cases {
            tallies.append(one.foreground)
            while let last = tallies.last, tallies.count > 1,
                tallies[tallies.count - 2].values.count <= 2 * last.values.count
            { Self.mergeLastTwo(&tallies) }
        }
        while tallies.count > 1 { Self.mergeLastTwo(&tallies) }
        guard let intensities = tallies.first?.statistics else {
            throw PlanningError(
                .unusableFingerprint,
                cases.isEmpty
                    ? "the data set's fingerprint has no case, expected one or more"
                    : "none of the \(cases.count) cases has a labelled voxel: there are no intensities to plan by")
        }
        self.init(
            spacings: cases.map(\.spacing), shapes: cases.map(\.shape), intensities: intensities,
            medianRelativeSize: Sample(cases.map(\.relativeSize))?.quantile(0.5) ?? 1)
    }

    private static func mergeLastTwo(_ tallies: inout [IntensityTally]) {
        let (last, other) = (tallies.removeLast(), tallies.removeLast())
        tallies.append(IntensityTally(merging: other, last))
    }
}
