/// An identity and what stands for it in de-identified objects. The original belongs in custody and nowhere else.
package struct IdentityPair: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, CaseIterable, Codable {
        case patientID = "patient-id"
        case patientName = "patient-name"
        case studyUID = "study-uid"
        case seriesUID = "series-uid"
        case sopInstanceUID = "sop-instance-uid"
        case frameOfReferenceUID = "frame-of-reference-uid"
        /// Another unique identifier; or an attribute of the study that has no pseudonym: then `<study's
        /// pseudonym>#<tag>` stands for it.
        case other
    }

    package var kind: Kind
    package var original: String
    package var pseudonym: String

    package init(kind: Kind, original: String, pseudonym: String) {
        self.kind = kind
        self.original = original
        self.pseudonym = pseudonym
    }
}
