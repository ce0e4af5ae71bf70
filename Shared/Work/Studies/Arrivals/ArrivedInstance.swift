package import JobEngine

/// One SOP instance in storage. Its keys are of the same kind as its study's: which instance it is can be recognised,
/// not read.
package struct ArrivedInstance: Sendable, Equatable, Codable {
    package var instanceKey: String
    package var seriesKey: String
    package var address: ContentAddress
    package var byteCount: Int
    /// Ways in which it may still show who the patient is, as de-identification saw them; sorted.
    package var risks: [String]

    package init(
        instanceKey: String, seriesKey: String, address: ContentAddress, byteCount: Int, risks: [String] = []
    ) {
        self.instanceKey = instanceKey
        self.seriesKey = seriesKey
        self.address = address
        self.byteCount = byteCount
        self.risks = risks
    }
}

/// The instances a study was made of, in the order of their keys: the artifact that ties all that follows to exact
/// bytes.
package struct InstanceManifest: Sendable, Equatable, Codable {
    package var studyKey: String
    package var revision: Int
    package var instances: [ArrivedInstance]

    package init(studyKey: String, revision: Int, instances: [ArrivedInstance]) {
        self.studyKey = studyKey
        self.revision = revision
        self.instances = instances
    }
}
