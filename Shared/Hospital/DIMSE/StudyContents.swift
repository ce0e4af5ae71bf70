/// What a node says a study holds.
package struct StudyContents: Sendable, Hashable {
    package struct Instance: Sendable, Hashable {
        package var sopInstanceUID: String
        /// Empty where the node does not say.
        package var sopClassUID: String
    }

    package struct Series: Sendable, Hashable {
        package var seriesInstanceUID: String
        /// Empty where the node does not say.
        package var modality: String
        package var instances: [Instance]
    }

    package var series: [Series]

    package var instanceCount: Int { series.reduce(0) { $0 + $1.instances.count } }
}
