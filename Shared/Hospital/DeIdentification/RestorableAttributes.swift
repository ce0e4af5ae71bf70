import DICOMDictionary
import DICOMObjects

/// Attributes of patient and study that lose their value without getting a pseudonym, and that a result needs again on
/// its way back.
///
/// In custody they hang on the study's pseudonym: `<study>#<tag>` stands for the value.
enum RestorableAttributes {
    static let tags: [AttributeTag] = [
        .studyDate, .studyTime, .accessionNumber, .referringPhysician, .studyDescription, .issuerOfPatientIdentifier,
        .patientBirthDate,
        .patientSex, .patientAge, .studyIdentifier,
    ]

    static func key(study: String, _ tag: AttributeTag) -> String { "\(study)#\(tag.digits)" }

    static func values(of dataset: DICOMObject.Item) -> [AttributeTag: String] {
        Dictionary(uniqueKeysWithValues: tags.compactMap { tag in dataset.text(tag).map { (tag, $0) } })
    }

    /// Those whose value is another one now.
    static func pairs(_ before: [AttributeTag: String], cleaned dataset: DICOMObject.Item) -> [IdentityPair] {
        guard let study = dataset.text(.studyInstance) else { return [] }
        return tags.compactMap { tag in
            guard let original = before[tag], dataset.text(tag) != original else { return nil }
            return IdentityPair(kind: .other, original: original, pseudonym: key(study: study, tag))
        }
    }
}
