package import Anatomy
import Foundation
package import Threads
package import Volumes

/// Names of vertebrae from anatomy: what a network says of each bone, how far they lie apart, how large they are and
/// where the count ends (sacrum, atlas) are weighed together, and the bones get the names that fit best along the whole
/// spine. Pieces of one vertebra are joined, and two that hang together are cut apart. Pure and deterministic.
///
/// Exact for its weights (`NamePath`). Nothing becomes bone that was background, and nothing the reverse but T13 and L6
/// where the label set has no value for them.
package struct AnatomicalNames: Sendable {
    package struct Vertebra: Sendable, Equatable {
        /// `C1` … `L5`, `sacrum`; also `T13` and `L6`.
        package let name: String
        /// Its voxel value; nil where the label set has none: then it is background.
        package let value: UInt8?
        /// What the network says most of it; nil where it says nothing.
        package let networkName: String?
        /// That name's share of what it says, 0 … 1.
        package let networkShare: Double
        /// Mean probability that the network gives to this name, whatever it says most, and mean entropy over its greatest
        /// value, 0 … 1; nil where only labels are known.
        package let meanConfidence: Double?
        package let meanEntropy: Double?
        package let volumeInMillilitres: Double
        /// RAS+ millimetres.
        package let centroid: SIMD3<Double>
        /// Why it has this name: one sentence with figures, without patient data.
        package let because: String
    }

    package let labels: Volume<UInt8>
    /// From the head down.
    package let vertebrae: [Vertebra]
    package let findings: [Finding]
    /// How many voxels have another value than before.
    package let changedVoxels: Int
    /// What fits worse than the names taken would if the first vertebra had another: in nats; nil where nothing else
    /// fits.
    package let margin: Double?

    /// Of the vertebrae whose certainty is known.
    package var meanConfidenceByLabel: [UInt8: Double] { byLabel(\.meanConfidence) }
    package var meanEntropyByLabel: [UInt8: Double] { byLabel(\.meanEntropy) }

    private func byLabel(_ value: (Vertebra) -> Double?) -> [UInt8: Double] {
        vertebrae.reduce(into: [:]) { found, one in if let label = one.value { found[label] = value(one) } }
    }

    /// Values outside the set are left alone. Blocks; keep it off Swift's cooperative threads.
    /// - Parameter votes: what the network thinks beyond the labels; nil: the labels are all that is known.
    /// - Precondition: at most 2³¹ voxels.
    package init(
        _ labels: Volume<UInt8>, labelSet: LabelSet, votes: LevelVotes? = nil,
        weights: NamingWeights = NamingWeights(), pool: ComputePool = .shared
    ) {
        guard let bones = SpineBones(labels, labelSet: labelSet, votes: votes, pool: pool),
            let choice = NameChoice(bones.pieces, labelSet: labelSet, weights: weights)
        else {
            self.labels = labels
            (vertebrae, findings, changedVoxels, margin) = ([], [], 0, nil)
            return
        }
        let renaming = BoneRenaming(bones, choice)
        (self.labels, changedVoxels) = renaming.renamed()
        vertebrae = choice.vertebrae(labelSet)
        findings = choice.findings(labelSet, axis: bones.line.axis)
        margin = choice.margin
    }
}
