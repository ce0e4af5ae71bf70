import Documents

/// How a volume larger than the patch is covered by windows and how their logits are blended: as MONAI's
/// `SlidingWindowInferer` does (`WindowPlan()` has MONAI Label's settings) or as nnU-Net v2's predictor does
/// (`WindowPlan.nnUNet`).
package struct WindowPlan: Sendable, Equatable, Codable {
    /// Whose rules place the windows and weigh their voxels; `SlidingWindow` has both.
    package enum Convention: String, Sendable, Codable {
        case monai
        case nnUNet = "nnunet"
    }

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

    package var convention: Convention
    /// Share of a window's edge that the next one covers again, 0 … below 1. nnU-Net's step size is 1 − overlap, and
    /// the windows move closer together than that, evenly, where the volume asks for it.
    package var overlap: Double
    package var weighting: Weighting
    package var sigmaScale: Double
    package var padding: Padding
    /// Axes of the network's input (0 = D, 1 = H, 2 = W) along which windows are also shown to it mirrored: the answer
    /// is the mean of the logits over the window as it is and all combinations of these axes, 2ⁿ passes. nnU-Net's
    /// `inference_allowed_mirroring_axes`.
    package var mirroring: [Int]
    /// What counts as air, at or below so many HU, where windows that hold only air are to be skipped; nil: what the
    /// intensities clip to their lowest value, which can't be told apart below it. Nothing is skipped unless whoever
    /// runs the model asks for it.
    package var airInHounsfieldUnits: Double?

    package init(
        convention: Convention = .monai, overlap: Double = 0.4, weighting: Weighting = .gaussian,
        sigmaScale: Double = 0.125,
        padding: Padding = .replicate, mirroring: [Int] = [], airInHounsfieldUnits: Double? = nil
    ) {
        self.convention = convention
        self.overlap = overlap
        self.weighting = weighting
        self.sigmaScale = sigmaScale
        self.padding = padding
        self.mirroring = mirroring
        self.airInHounsfieldUnits = airInHounsfieldUnits
    }

    /// nnU-Net v2's predictor: step size 0.5, Gaussian weights, zeros around thin volumes. Mirroring is the
    /// checkpoint's to say.
    package static let nnUNet = WindowPlan(convention: .nnUNet, overlap: 0.5, padding: .zero)

    /// Passes of the network per window.
    package var passes: Int { 1 << mirroring.count }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case convention, overlap, weighting, sigmaScale, padding, mirroring, airInHounsfieldUnits
    }

    /// Absent keys take the default of the convention, and the convention is MONAI's unless named.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        var convention = Convention.monai
        try values.read(.convention, into: &convention, of: [.monai, .nnUNet])
        self = convention == .nnUNet ? .nnUNet : WindowPlan()
        try values.read(.overlap, into: &overlap)
        try values.read(.weighting, into: &weighting, of: [.constant, .gaussian])
        try values.read(.sigmaScale, into: &sigmaScale)
        try values.read(.padding, into: &padding, of: [.zero, .replicate])
        try values.read(.mirroring, into: &mirroring)
        try values.read(.airInHounsfieldUnits, into: &airInHounsfieldUnits)
    }
}
