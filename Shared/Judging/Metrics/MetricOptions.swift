/// What a comparison of two label maps leaves open; stored with its results.
package struct MetricOptions: Sendable, Hashable, Codable {
    /// Distances within which surfaces count as the same, for boundary F1 and normalised surface Dice.
    package var tolerancesInMillimetres: [Double]
    package var emptyClasses: EmptyClassPolicy
    /// Whether distances between marching-cubes surfaces are measured too.
    package var measuresMeshes: Bool

    package init(
        tolerancesInMillimetres: [Double] = [1.5, 3], emptyClasses: EmptyClassPolicy = .undefined,
        measuresMeshes: Bool = true
    ) {
        self.tolerancesInMillimetres = tolerancesInMillimetres
        self.emptyClasses = emptyClasses
        self.measuresMeshes = measuresMeshes
    }
}
