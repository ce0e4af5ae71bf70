package import JobEngine

/// What a data set held when somebody looked.
package struct DataSetSnapshot: Sendable, Equatable {
    package var tenant: Tenant
    package var dataSet: String
    /// SHA-256 in hex over names, splits and addresses.
    package var digest: String
    /// Ordered by name.
    package var cases: [SourceCase]

    package init(tenant: Tenant, dataSet: String, digest: String, cases: [SourceCase]) {
        self.tenant = tenant
        self.dataSet = dataSet
        self.digest = digest
        self.cases = cases
    }
}

/// A case of a data set with the bytes it was made from.
package struct SourceCase: Sendable, Equatable {
    package var prepared: DataSetCase
    package var split: String
    /// CT in HU and ground truth, on the CT's own grid.
    package var volume: ArtifactReference
    package var truth: ArtifactReference

    package init(prepared: DataSetCase, split: String, volume: ArtifactReference, truth: ArtifactReference) {
        self.prepared = prepared
        self.split = split
        self.volume = volume
        self.truth = truth
    }

    package var name: String { prepared.name }
}
