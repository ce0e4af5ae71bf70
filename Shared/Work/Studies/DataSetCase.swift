package import JobEngine

/// One labelled, network-ready case of a data set.
package struct DataSetCase: Sendable, Equatable, Codable {
    package var dataSet: String
    /// Pseudonym, unique in the data set.
    package var name: String
    package var tenant: Tenant
    /// Network-ready.
    package var image: ArtifactReference
    package var label: ArtifactReference
    /// How they were made so: `Plan.preprocessingSignature()`.
    package var planDigest: String
    /// What the case is for; nil when it is added: as before, `train` if it is new.
    package var split: String?

    /// The split that models learn from.
    package static let trainingSplit = "train"
    /// Where official splits have a part to validate on.
    package static let validationSplit = "val"

    package init(
        dataSet: String, name: String, tenant: Tenant, image: ArtifactReference, label: ArtifactReference,
        planDigest: String, split: String? = nil
    ) {
        self.split = split
        self.dataSet = dataSet
        self.name = name
        self.tenant = tenant
        self.image = image
        self.label = label
        self.planDigest = planDigest
    }
}
