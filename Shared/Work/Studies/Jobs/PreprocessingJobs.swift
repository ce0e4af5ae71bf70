package import JobEngine

extension JobKind {
    static let preprocessing = [PreprocessVolume.kind]
}

/// Makes a volume network-ready; its bytes are the job's inputs.
package struct PreprocessVolume: JobDefinition {
    package static let kind = JobKind(
        "preprocess-volume", of: .preprocessing, inputs: [.volume, .truth, .weights, .sourceSeries],
        limits: .hours(running: 4))

    package var order: StudyOrder

    package init(order: StudyOrder) { self.order = order }
}
