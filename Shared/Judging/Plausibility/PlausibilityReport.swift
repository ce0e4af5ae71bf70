package import Anatomy
package import Threads
package import Volumes

/// Whether a label map can be a spine, judged without a ground truth: what it shows, what is remarkable about it, and
/// whether somebody should look. Pure and deterministic.
package struct PlausibilityReport: Sendable, Equatable {
    /// Labels of the set that have voxels, from the head down.
    package let vertebrae: [VertebraSummary]
    /// In the order of `Finding.Kind`, then from the head down.
    package let findings: [Finding]

    package var needsReview: Bool { findings.contains { $0.severity == .review } }

    /// Why it needs review, one sentence each; empty if it does not.
    package var reasons: [String] { findings.filter { $0.severity == .review }.map(\.sentence) }

    /// - Parameters:
    ///   - names: how the labels got their names from anatomy, if they did; its findings are told among the others.
    ///   - meanEntropy: by label value: mean softmax entropy where the class won, over ln K, 0 … 1.
    ///   - pool: the result does not depend on it.
    /// Blocks; keep it off Swift's cooperative threads. - Precondition: at most 2³¹ voxels.
    package init(
        _ labels: Volume<UInt8>, labelSet: LabelSet, names: AnatomicalNames? = nil, meanEntropy: [UInt8: Double] = [:],
        thresholds: PlausibilityThresholds = PlausibilityThresholds(),
        pool: ComputePool = .shared
    ) {
        self.init(
            ComponentMap(labels, pool: pool), labelSet: labelSet, names: names, meanEntropy: meanEntropy,
            thresholds: thresholds)
    }

    init(
        _ components: ComponentMap, labelSet: LabelSet, names: AnatomicalNames?, meanEntropy: [UInt8: Double],
        thresholds: PlausibilityThresholds
    ) {
        let vertebrae = labelSet.labels.compactMap { components.summary(of: $0, meanEntropy: meanEntropy[$0.value]) }
        let inspection = Inspection(
            components: components, labelSet: labelSet, vertebrae: vertebrae, thresholds: thresholds)
        let findings = inspection.findings + (names?.findings ?? [])
        self.vertebrae = vertebrae
        self.findings = Finding.Kind.allCases.flatMap { kind in findings.filter { $0.kind == kind } }
    }
}

extension ComponentMap {
    func summary(of label: Label, meanEntropy: Double?) -> VertebraSummary? {
        guard let found = self[label.value], let largest = largest(of: label.value) else { return nil }
        let geometry = labels.geometry
        return VertebraSummary(
            label: label, voxels: found.voxels,
            volumeInMillilitres: Double(found.voxels) * geometry.voxelVolumeInCubicMillimetres / 1000,
            centroid: geometry.affine.applied(to: largest.centroid), componentCount: found.count,
            largestShare: Double(largest.voxels) / Double(found.voxels), isCut: largest.touchesEdge(of: geometry.size),
            meanEntropy: meanEntropy)
    }
}
