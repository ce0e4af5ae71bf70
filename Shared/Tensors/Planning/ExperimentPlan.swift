package import Networks

/// What nnU-Net plans for a data set: its configuration `3d_fullres`.
///
/// Axes are the network's: the fingerprint's in the order of `transposeForward`.
package struct ExperimentPlan: Sendable, Equatable {
    /// Which of the fingerprint's axes becomes the first, second and third: the coarsest comes first.
    package internal(set) var transposeForward = [0, 1, 2]
    /// Of the images the network sees.
    package let spacingInMillimetres: [Double]
    /// Of all images at that spacing, per axis; may have halves.
    package let medianShape: [Double]
    /// In voxels, divisible as the network needs it.
    package let patch: [Int]
    package let batchSize: Int
    /// Who planned it.
    package let preset: ExperimentPlanner.Preset
    package let network: NetworkConfiguration
    /// Voxels of the network's feature maps for one patch: what nnU-Net measures memory by.
    package let featureVoxels: Int
    /// Whether nnU-Net would train a network on coarser images too, because a patch sees less than a quarter of one.
    package internal(set) var hasLowResolution = false

    /// Whether the loss sums its Dice over a batch and not over each patch, which sees too little alone.
    package var usesBatchDice: Bool { hasLowResolution }
}
