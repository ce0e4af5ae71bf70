package import JobEngine

extension JobKind {
    static let inference = [SegmentVolume.kind]
}

/// Makes a label map of a network-ready volume; volume and model are the job's inputs.
package struct SegmentVolume: JobDefinition {
    package static let kind = JobKind(
        "segment-volume", of: .inference,
        inputs: [.volume, .truth, .networkImage, .weights, .sourceSeries],
        limits: .hours(running: 12, noProgress: 2))

    package var order: StudyOrder

    package init(order: StudyOrder) { self.order = order }
}
