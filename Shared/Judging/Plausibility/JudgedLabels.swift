package import Anatomy
package import Threads
package import Volumes

/// A network's label map and what can be said of it without a ground truth: named by anatomy and repaired where that is
/// asked for, in this order, and judged. Whoever segments hands this on. Pure and deterministic.
package struct JudgedLabels: Sendable {
    /// What is handed on.
    package let labels: Volume<UInt8>
    package let report: PlausibilityReport
    /// Nil: names are the network's.
    package let names: AnatomicalNames?
    /// Nil: nobody asked for repairs.
    package let repair: LabelRepair?
    private let meanConfidence: [UInt8: Double]
    private let meanEntropy: [UInt8: Double]

    /// Blocks; keep it off Swift's cooperative threads.
    /// - Parameters:
    ///   - votes: what the network thinks beyond the labels, for names.
    ///   - meanConfidence: by label value: mean probability of the class where it won, 0 … 1.
    ///   - meanEntropy: likewise: mean entropy over its greatest value, 0 … 1.
    /// - Precondition: at most 2³¹ voxels.
    package init(
        _ labels: Volume<UInt8>, labelSet: LabelSet, votes: LevelVotes?, meanConfidence: [UInt8: Double],
        meanEntropy: [UInt8: Double], namesByAnatomy: Bool, repairs: Bool, pool: ComputePool = .shared
    ) {
        let names = namesByAnatomy ? AnatomicalNames(labels, labelSet: labelSet, votes: votes, pool: pool) : nil
        let named = names?.labels ?? labels
        repair = repairs ? LabelRepair(named, labelSet: labelSet, pool: pool) : nil
        self.labels = repair?.labels ?? named
        self.names = names
        // A vertebra has that of all its voxels, whatever they were called; what is none keeps its name's.
        self.meanConfidence = meanConfidence.merging(names?.meanConfidenceByLabel ?? [:]) { $1 }
        self.meanEntropy = meanEntropy.merging(names?.meanEntropyByLabel ?? [:]) { $1 }
        report = PlausibilityReport(
            self.labels, labelSet: labelSet, names: names, meanEntropy: self.meanEntropy, pool: pool)
    }

    /// How sure the network is of a label as it is handed on; nil where it was never asked.
    package func certainty(of label: UInt8) -> (confidence: Double?, entropy: Double?) {
        (meanConfidence[label], meanEntropy[label])
    }

    /// Whether it differs from the map that it was made of.
    package var isChanged: Bool { repair?.steps.isEmpty == false || (names?.changedVoxels ?? 0) > 0 }
}
