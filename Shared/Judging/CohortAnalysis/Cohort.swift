/// What many cases of one model say together.
package struct Cohort: Sendable, Hashable {
    /// By name.
    package var cases: [EvaluatedCase]

    package init(cases: [EvaluatedCase]) {
        self.cases = cases.sorted { $0.name < $1.name }
    }
}
