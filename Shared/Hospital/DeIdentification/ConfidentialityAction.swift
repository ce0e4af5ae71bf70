/// What the Basic Profile does with an attribute (PS3.15, E.1.1). Of the choices a combined code leaves for different
/// modules, the one that keeps every object valid is taken, for all choices keep the patient's secret.
package enum ConfidentialityAction: Sendable, Hashable {
    /// X: remove.
    case remove
    /// Z, X/Z: leave without a value.
    case empty
    /// D, Z/D, X/D, X/Z/D: replace by a dummy of the same representation. A sequence goes (X/D, X/Z/D) or keeps one
    /// empty item (D, Z/D).
    case dummy(removesSequences: Bool)
    /// U: replace unique identifiers consistently.
    case mapIdentifiers
    /// X/Z/U*: keep the sequence, and replace the unique identifiers in it.
    case keepSequence

    /// From the code in Table E.1-1, nil where there is no such code.
    init?(_ code: some StringProtocol) {
        switch code {
        case "X": self = .remove
        case "Z", "X/Z": self = .empty
        case "D", "Z/D": self = .dummy(removesSequences: false)
        case "X/D", "X/Z/D": self = .dummy(removesSequences: true)
        case "U": self = .mapIdentifiers
        case "X/Z/U*": self = .keepSequence
        default: return nil
        }
    }
}
