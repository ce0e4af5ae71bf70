import TensorCore

/// How patches are varied before a network is trained on them: which operators, how often, and from which ranges their
/// parameters are drawn.
///
/// An operator that isn't drawn costs nothing. In JSON an augmentation is the name of a preset, or an object that
/// begins with `preset` and says what differs from it; see `Augmentation+json.swift`.
package struct Augmentation: Sendable, Equatable {
    package enum Preset: String, Sendable, CaseIterable {
        case none
        /// Left-right mirror, scale and shift of the intensities by up to 10 %, noise.
        case light
        /// nnU-Net's, operator by operator (batchgeneratorsv2 as nnU-Net 2.8 sets it up).
        case nnUNet = "nnunet"
        /// For networks that nnU-Net's mirrors would mislead about the order of the vertebrae: rotation, scaling, elastic
        /// deformation and intensities, and of the mirrors only that of left and right.
        case strong
    }

    /// How probably an operator is applied, and the range that its parameter is drawn from, evenly unless said
    /// otherwise.
    package struct Chance: Sendable, Equatable {
        package var probability: Double
        package var range: ClosedRange<Double>

        package init(_ probability: Double, _ range: ClosedRange<Double>) {
            self.probability = probability
            self.range = range
        }
    }

    /// Smooth random displacements of the voxels.
    package struct Elastic: Sendable, Equatable {
        package var probability: Double
        /// How far a displacement stays alike, as a share of the patch's edges: the σ of a blur that would make the field
        /// from white noise.
        package var smoothness: ClosedRange<Double>
        /// The largest displacement, in voxels.
        package var displacement: ClosedRange<Double>
    }

    package enum MirrorAxes: String, Sendable, CaseIterable {
        case leftRight = "left-right"
        case all
    }

    package struct Mirroring: Sendable, Equatable {
        /// Of each axis.
        package var probability: Double
        package var axes: MirrorAxes
    }

    /// The light augmentation's one pass: mirror left and right, then value · scale + shift + noise.
    package struct Jitter: Sendable, Equatable {
        package var mirrorProbability = 0.5
        package var scale = 0.9...1.1
        package var shift = -0.1...0.1
        /// The noise's deviation.
        package var noise = 0...0.05

        package init() {}
    }

    /// Whose values the fields have where nothing else is said.
    package let preset: Preset
    /// Degrees about each of the three axes, drawn for each.
    package var rotation: Chance
    /// The same for patches of thick slices, which are rotated within their slices only; see `isOfThickSlices`.
    package var rotationInPlane: Chance
    /// One factor for all axes by which a body becomes smaller.
    package var scaling: Chance
    package var elastic: Elastic
    /// Standard deviation of Gaussian noise.
    package var noise: Chance
    /// σ of a Gaussian blur in voxels, drawn for each axis.
    package var blur: Chance
    /// Factor on the intensities. As those of contrast and gamma, half of the factors are drawn below 1 and half above.
    package var brightness: Chance
    /// Factor on the differences to the mean, within the patch's range.
    package var contrast: Chance
    /// Share of the voxels along an axis that a coarser scan would have had.
    package var lowResolution: Chance
    /// Exponent on the inverted intensities, whose mean and deviation are kept.
    package var invertedGamma: Chance
    /// The same, not inverted.
    package var gamma: Chance
    package var mirroring: Mirroring
    /// nil: none. It draws from the stream that it always drew from, before the other operators and apart from them.
    package var jitter: Jitter?

    /// Patches with one axis more than three times the first: nnU-Net's rule. Their slices, along the first axis, are
    /// moved and coarsened only within themselves.
    package static func isOfThickSlices(_ patch: [Int]) -> Bool {
        Double(patch.max() ?? 0) / Double(patch[0]) > 3
    }

    /// - Parameters:
    ///   - sample: of the extent `sourcePatch(for:)`; a smaller one counts as surrounded by zeros and background.
    ///   - patch: (D, H, W) of the result, cut from the sample's centre.
    ///   - leftRightAxis: of D, H, W, the one that runs from left to right or back.
    ///   - index: the sample's number in its training run; the result depends on it and the seed only.
    package func callAsFunction(
        _ sample: LabelledPatch, to patch: [Int], leftRightAxis: Int, seed: UInt64, index: Int
    ) -> LabelledPatch {
        var result = sample
        for step in operators(for: patch, leftRightAxis: leftRightAxis, seed: seed, index: index) {
            step.apply(to: &result)
        }
        return result
    }
}
