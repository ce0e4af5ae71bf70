import Faults
import Volumes

/// What a phantom shows and on which grid.
package struct PhantomConfiguration: Sendable, Hashable, Codable {
    /// Where the field of view lies along the spine.
    package enum Coverage: Sendable, Hashable, Codable {
        /// Centred on these `spine-25` values (1 = C1 … 25 = sacrum).
        case levels(ClosedRange<UInt8>)
        /// Centred anywhere on the spine, drawn from the seed: cuts it at both ends unless the grid is long.
        case anywhere
    }

    package var coverage: Coverage
    /// Voxels along i, j, k; nil fits the covered levels with a margin.
    package var size: [Int]?
    /// Along i, j, k.
    package var spacingInMillimetres: [Double]
    /// Where i, j, k grow to: three letters such as `LPS` (as DICOM slices come) or `RAS`.
    package var orientation: String
    /// Standard deviation of the Gaussian noise.
    package var noiseInHounsfieldUnits: Double
    /// Largest coronal inclination of a vertebra.
    package var scoliosisInDegrees: Double

    package init(
        coverage: Coverage, size: [Int]? = nil, spacingInMillimetres: [Double] = [1.5, 1.5, 1.5],
        orientation: String = "LPS",
        noiseInHounsfieldUnits: Double = 15, scoliosisInDegrees: Double = 6
    ) {
        self.coverage = coverage
        self.size = size
        self.spacingInMillimetres = spacingInMillimetres
        self.orientation = orientation
        self.noiseInHounsfieldUnits = noiseInHounsfieldUnits
        self.scoliosisInDegrees = scoliosisInDegrees
    }
}

extension PhantomConfiguration {
    /// Skull base to sacrum at 2 mm: about 96×110×380 voxels.
    package static let wholeSpine = PhantomConfiguration(coverage: .levels(1...25), spacingInMillimetres: [2, 2, 2])

    /// The lumbar spine with T12, parts of T11 and the upper sacrum: 96×96×160 voxels at 1.5 mm.
    package static let lumbar = PhantomConfiguration(coverage: .levels(20...24), size: [96, 96, 160])

    /// As `lumbar`, on the anisotropic grid of a usual abdominal CT.
    package static let lumbarSeries = PhantomConfiguration(
        coverage: .levels(20...24), size: [160, 160, 120], spacingInMillimetres: [0.9, 0.9, 2])

    /// Any 240 mm of the spine at 1.5 mm.
    package static let anywhere = PhantomConfiguration(coverage: .anywhere, size: [96, 96, 160])
}

extension PhantomConfiguration {
    /// - Throws: `PhantomError` naming the first value that makes no sense.
    package func validate() throws(PhantomError) {
        if let size {
            guard size.count == 3, size.allSatisfy({ (4...2048).contains($0) }) else {
                throw PhantomError(
                    .invalidConfiguration, "phantom size must be three numbers of voxels from 4 to 2048, got \(size)")
            }
        }
        guard spacingInMillimetres.count == 3, spacingInMillimetres.allSatisfy({ (0.2...20).contains($0) }) else {
            throw PhantomError(
                .invalidConfiguration,
                "phantom spacing must be three numbers from 0.2 to 20 mm, got \(spacingInMillimetres)")
        }
        guard Orientation(orientation) != nil else {
            throw PhantomError(
                .invalidConfiguration,
                "phantom orientation must be three letters such as LPS or RAS, got \(orientation)")
        }
        guard (0...1000).contains(noiseInHounsfieldUnits) else {
            throw PhantomError(
                .invalidConfiguration, "phantom noise must be from 0 to 1000 HU, got \(noiseInHounsfieldUnits)")
        }
        guard (0...30).contains(scoliosisInDegrees) else {
            throw PhantomError(
                .invalidConfiguration, "phantom scoliosis must be from 0° to 30°, got \(scoliosisInDegrees)")
        }
        if case .levels(let levels) = coverage {
            guard levels.lowerBound >= 1, levels.upperBound <= 25 else {
                throw PhantomError(
                    .invalidConfiguration, "phantom levels must lie in 1 (C1) to 25 (sacrum), got \(levels)")
            }
        }
    }
}
