import Metrics
package import Statistics

/// How well vertebrae were found and named over a cohort's cases.
package struct IdentificationSummary: Sendable, Hashable, Codable {
    /// Of the cases' shares, each case counting once; nil where no case has one.
    package var identificationRate: Description?
    package var detectionPrecision: Description?
    package var detectionRecall: Description?
    /// Cases by how many vertebrae their whole spine is labelled off, in ascending order of it. Cases labelled right,
    /// or so that no shift explains them, are left out.
    package var shifts: [Shift]

    package struct Shift: Sendable, Hashable, Codable {
        /// +1: L1 is called L2.
        package var vertebrae: Int
        package var cases: Int

        package init(vertebrae: Int, cases: Int) {
            self.vertebrae = vertebrae
            self.cases = cases
        }
    }

    package init(of cohort: Cohort, bootstrap: Bootstrap? = Bootstrap()) {
        let all = cohort.cases.map(\.metrics.identification)
        identificationRate = Description(of: all.compactMap(\.identificationRate), bootstrap: bootstrap)
        detectionPrecision = Description(of: all.compactMap(\.detectionPrecision), bootstrap: bootstrap)
        detectionRecall = Description(of: all.compactMap(\.detectionRecall), bootstrap: bootstrap)
        shifts = Dictionary(grouping: all.compactMap(\.labelShift)) { $0 }
            .map { Shift(vertebrae: $0.key, cases: $0.value.count) }
            .sorted { $0.vertebrae < $1.vertebrae }
    }
}
