/// A concept by its code in a coding scheme (DICOM PS3.3, 8.8).
package struct CodedConcept: Sendable, Hashable, Codable {
    /// `SCT` for SNOMED CT, `DCM` for DICOM's own, `SRT` for SNOMED RT, which older objects use.
    package var scheme: String
    package var value: String
    package var meaning: String

    package init(scheme: String, value: String, meaning: String) {
        self.scheme = scheme
        self.value = value
        self.meaning = meaning
    }

    /// Same scheme and value; the meaning is for people only.
    package func means(_ other: CodedConcept) -> Bool { scheme == other.scheme && value == other.value }
}
