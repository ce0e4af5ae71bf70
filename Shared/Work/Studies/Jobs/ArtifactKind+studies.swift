package import JobEngine

/// What travels between jobs on studies; see `Pipeline` for who makes and who takes each.
extension ArtifactKind {
    /// CT in HU on its own grid, as ingestion read it.
    package static let volume = nifti("volume")
    /// Ground truth on the CT's own grid.
    package static let truth = nifti("truth")
    /// A label map that a person corrected, on the CT's own grid; where it is learned from it goes as `truth`.
    package static let correctedLabels = nifti("corrected-labels")
    /// Which DICOM instances a study was made of (`InstanceManifest`).
    package static let instances = json("instances")
    /// What a segmentation must say of the series it is drawn on, as the tenant's policy lets it be kept.
    package static let sourceSeries = json("source-series")
    /// The label map as a DICOM segmentation, without what the policy removed.
    package static let segmentationObject = ArtifactKind("segmentation-object", "application/dicom", ".dcm")
    /// Non-identifying tags and geometry.
    package static let description = json("description")
    /// Image and ground truth as the plan wants them.
    package static let networkImage = nifti("network-image")
    package static let networkLabel = nifti("network-label")
    /// Of a data set, as nnU-Net's `dataset_fingerprint.json`.
    package static let fingerprint = json("fingerprint")
    /// With the plan in its metadata.
    package static let weights = ArtifactKind("weights", "application/vnd.safetensors", ".safetensors")
    /// Of the same run: averaged over its steps, and of its last step.
    package static let averagedWeights = ArtifactKind("averaged-weights", weights.mediaType, ".safetensors")
    package static let lastWeights = ArtifactKind("last-weights", weights.mediaType, ".safetensors")
    /// Segmentation on the CT's own grid.
    package static let labelMap = nifti("label-map", ".nii.gz")
    /// The same as the network left it, where a repair changed it.
    package static let unrepairedLabelMap = nifti("unrepaired-label-map", ".nii.gz")
    /// Raw and overlay in three planes.
    package static let picture = ArtifactKind("picture", "image/png", ".png")
    /// What a hospital sent and could not be read.
    package static let rejectedMessage = ArtifactKind("rejected-message", "application/octet-stream", "")
    /// Its routing key and properties.
    package static let rejectedEnvelope = json("rejected-envelope")

    private static func nifti(_ role: String, _ suffix: String = ".nii") -> ArtifactKind {
        ArtifactKind(role, "application/vnd.nifti", suffix)
    }

    private static func json(_ role: String) -> ArtifactKind { ArtifactKind(role, "application/json", ".json") }
}
