/// Which weights of its run a model version has.
package enum ModelVariant: String, Sendable, Codable, CaseIterable {
    /// Of the epoch with the best validation; what a run is asked for.
    case best
    /// Averaged over the steps.
    case averaged
    /// Of the last step.
    case last
}
