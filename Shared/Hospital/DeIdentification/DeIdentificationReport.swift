/// What de-identification did with one object, and what it could not do.
package struct DeIdentificationReport: Sendable, Hashable, Codable {
    /// Everything that was replaced by something that can be turned back: for custody. Without duplicates, in the order
    /// of the object.
    package var pseudonyms: [IdentityPair] = []
    /// What a person should look at: nothing in the pixels was changed.
    package var warnings: [IdentityRisk] = []
    /// Attributes removed, those of groups and sequences that went as a whole counted once.
    package var removed = 0
    package var emptied = 0
    /// Attributes that hold a dummy, a pseudonym or a shifted date now.
    package var replaced = 0
    /// Of those removed: private ones, and ones that the dictionary does not know.
    package var removedPrivate = 0
    package var removedUnknown = 0
    /// Private attributes kept since the policy calls them safe.
    package var keptPrivate = 0
    /// Dates that were none, and hold no value now.
    package var invalidDates = 0

    package init() {}
}

/// A way in which an object may still show who the patient is.
package enum IdentityRisk: Sendable, Hashable, Codable {
    package enum Evidence: String, Sendable, Codable {
        /// The object itself says so: Burned In Annotation or Recognizable Visual Features is YES.
        case declared
        /// Its kind makes it likely: a secondary capture, a screen, an ultrasound.
        case likely
    }

    /// Text within the pixels.
    case burnedInAnnotation(Evidence)
    /// The face can be rendered from the images.
    case faceVisible(Evidence)
}
