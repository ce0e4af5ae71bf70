import JobEngine

/// Names of what travels between jobs; see `Pipeline` for who makes and who takes each.
package enum Role {
    /// CT in HU on its own grid (NIfTI), as ingestion read it.
    package static let volume = "volume"
    /// Ground truth on the CT's own grid (NIfTI).
    package static let truth = "truth"
    /// Which DICOM instances a study was made of (`InstanceManifest`, JSON).
    package static let instances = "instances"
    /// What a segmentation must say of the series it is drawn on (JSON), as the tenant's policy lets it be kept.
    package static let sourceSeries = "source-series"
    /// The label map as a DICOM segmentation, without what the policy removed.
    package static let segmentationObject = "segmentation-object"
    /// Non-identifying tags and geometry (JSON).
    package static let description = "description"
    /// Image and ground truth as the plan wants them (NIfTI).
    package static let networkImage = "network-image"
    package static let networkLabel = "network-label"
    /// Safetensors with the plan in its metadata.
    package static let weights = "weights"
    package static let checkpoint = ArtifactReference.checkpointRole
    /// Segmentation on the CT's own grid (NIfTI).
    package static let labelMap = "label-map"
    /// The same as the network left it, where a repair changed it.
    package static let unrepairedLabelMap = "unrepaired-label-map"
    /// Raw and overlay in three planes (PNG).
    package static let picture = "picture"
    /// What a hospital sent and could not be read.
    package static let rejectedMessage = "rejected-message"
    /// Its routing key and properties (JSON).
    package static let rejectedEnvelope = "rejected-envelope"
}
