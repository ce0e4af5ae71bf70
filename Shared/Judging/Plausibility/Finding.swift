/// Something about a label map that an anatomist would remark on.
package struct Finding: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// No vertebra at all.
        case nothingFound = "nothing-found"
        /// Voxel values outside the label set.
        case valueUnknown = "value-unknown"
        /// A vertebra does not lie below the one that comes before it.
        case orderViolated = "order-violated"
        /// Levels without a voxel between two that are there.
        case levelMissing = "level-missing"
        /// Two neighbours are much nearer to each other or much farther apart than those around them.
        case spacingImplausible = "spacing-implausible"
        /// One label at two places.
        case labelDuplicated = "label-duplicated"
        /// Much larger or smaller than the vertebrae around it, or than any.
        case volumeImplausible = "volume-implausible"
        /// Several components.
        case fragmented
        /// The network did not know.
        case uncertain
        /// Reaches the edge of the field of view.
        case cutByFieldOfView = "cut-by-field-of-view"
        /// Vertebrae are counted against the direction in which the file says the head lies.
        case orientationContradicted = "orientation-contradicted"
        /// A vertebra more or less than most people have.
        case numberingUnusual = "numbering-unusual"
        /// Other names fit the anatomy nearly as well.
        case namesAmbiguous = "names-ambiguous"
        /// Anatomy gave names that the network did not.
        case namesChanged = "names-changed"
        /// Nothing in view tells where the count begins: names are the network's.
        case namesUnanchored = "names-unanchored"
    }

    package enum Severity: String, Sendable, CaseIterable {
        /// Worth knowing.
        case information
        /// Somebody should look.
        case review
    }

    package let kind: Kind
    package let severity: Severity
    /// Voxel values, from the head down; empty where it concerns none.
    package let labels: [UInt8]
    /// With figures; free of patient data.
    package let sentence: String

    init(_ kind: Kind, _ severity: Severity, _ labels: [UInt8], _ sentence: String) {
        self.kind = kind
        self.severity = severity
        self.labels = labels
        self.sentence = sentence
    }
}
