package import JobEngine

extension JobKind {
    static let preprocessing = [PreprocessVolume.kind, FingerprintDataSet.kind]
}

/// Makes a volume network-ready; its bytes are the job's inputs.
package struct PreprocessVolume: JobDefinition {
    package static let kind = JobKind(
        "preprocess-volume", of: .preprocessing, inputs: [.volume, .truth, .weights, .sourceSeries],
        limits: .hours(running: 4))

    package var order: StudyOrder

    package init(order: StudyOrder) { self.order = order }
}

/// Takes the fingerprint of a data set, by which a network is planned for it.
package struct FingerprintDataSet: JobDefinition {
    package static let kind = JobKind(
        "fingerprint-data-set", of: .preprocessing, limits: .hours(running: 24, noProgress: 2))

    /// The bytes that a case was made from.
    package struct Source: Codable, Sendable, Equatable {
        package var name: String
        package var volume: ArtifactReference
        package var truth: ArtifactReference
    }

    package var dataSet: String
    /// In the order of their names.
    package var cases: [Source]

    package init(dataSet: String, cases: [SourceCase]) {
        self.dataSet = dataSet
        self.cases = cases.map { Source(name: $0.name, volume: $0.volume, truth: $0.truth) }
    }
}
