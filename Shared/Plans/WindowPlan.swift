/// How a volume larger than the patch is covered by windows and how their logits are blended (MONAI's
/// `SlidingWindowInferer`; the defaults are MONAI Label's).
package struct WindowPlan: Sendable, Equatable, Codable {
    package enum Weighting: String, Sendable, Codable {
        /// Every voxel of a window counts the same.
        case constant
        /// The centre counts most; sigma is `sigmaScale` times the window's edge.
        case gaussian
    }

    /// What stands outside a volume that is thinner than the window.
    package enum Padding: String, Sendable, Codable {
        case zero
        case replicate
    }

    /// Share of a window's edge that the next one covers again, 0 … below 1.
    package var overlap: Double
    package var weighting: Weighting
    package var sigmaScale: Double
    package var padding: Padding

    package init(
        overlap: Double = 0.4, weighting: Weighting = .gaussian, sigmaScale: Double = 0.125, padding: Padding = .replicate
    ) {
        self.overlap = overlap
        self.weighting = weighting
        self.sigmaScale = sigmaScale
        self.padding = padding
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case overlap, weighting, sigmaScale, padding
    }

    /// Absent keys take the default.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        self.init()
        try values.read(.overlap, into: &overlap)
        try values.read(.weighting, into: &weighting, of: [.constant, .gaussian])
        try values.read(.sigmaScale, into: &sigmaScale)
        try values.read(.padding, into: &padding, of: [.zero, .replicate])
    }
}
