import DICOMDictionary
import DICOMObjects
import Faults
package import Foundation

/// Gives an object that was made from de-identified images its patient and study back, so that it can return to where
/// those came from.
package struct ReIdentification: Sendable {
    private let originals: [String: String]

    /// - Parameter pairs: what custody gave for `pseudonyms(in:)`; more does no harm.
    package init(pairs: [IdentityPair]) {
        originals = Dictionary(pairs.map { ($0.pseudonym, $0.original) }, uniquingKeysWith: { first, _ in first })
    }

    /// What to ask custody for before `restore`: everything in the object that may be a pseudonym.
    ///
    /// - Throws: `DICOMObjectError`.
    package static func pseudonyms(in file: URL) throws -> [String] {
        let dataset = try DICOMObject(file: file).dataset
        var found = Set([dataset.text(.patientIdentifier), dataset.text(.patientName)].compactMap { $0 })
        collectIdentifiers(of: dataset, into: &found)
        if let study = dataset.text(.studyInstance) {
            found.formUnion(RestorableAttributes.tags.map { RestorableAttributes.key(study: study, $0) })
        }
        return found.sorted()
    }

    /// Writes `source` with its identity to `target`: every identifier that has an original, patient and study;
    /// identifiers of the object itself, which was made after de-identification, stay. The statement of
    /// de-identification goes.
    ///
    /// - Returns: how many texts were emptied: those that are not of their character set, where what is restored needs
    ///   Unicode.
    /// - Throws: `DeIdentificationError.unknownPseudonym` when the pairs know neither study nor patient;
    ///   `DICOMObjectError`.
    package func restore(_ source: URL, to target: URL) throws -> Int {
        let object = try DICOMObject(file: source)
        let dataset = object.dataset
        // Under a policy that keeps identifiers the study's has no pseudonym; the patient's always has one.
        let knowsPatient = dataset.text(.patientIdentifier).map { originals[$0] != nil } ?? false
        guard let study = dataset.text(.studyInstance), originals[study] != nil || knowsPatient else {
            throw DeIdentificationError(
                .unknownPseudonym, "custody knows no original of the object's study: it was not de-identified here")
        }
        if let patient = dataset.text(.patientIdentifier), originals[patient] == nil {
            throw DeIdentificationError(
                .unknownPseudonym, "custody knows no original of the object's patient: it was not de-identified here")
        }
        try restoreIdentifiers(of: dataset)
        let texts = originalTexts(of: dataset, study)
        for (tag, text) in texts { try dataset.set(tag, text: text) }
        let emptied = try settleCharacterSet(of: dataset, restored: texts)
        let statement: [AttributeTag] = [
            .identityRemoved, .deidentificationMethod, .deidentificationMethodCodes, .temporalInformationModified,
        ]
        statement.forEach(dataset.remove)
        try object.write(to: target)
        return emptied
    }

    private func originalTexts(of dataset: DICOMObject.Item, _ study: String) -> [AttributeTag: String] {
        var texts: [AttributeTag: String] = [:]
        for tag in [AttributeTag.patientIdentifier, .patientName] {
            texts[tag] = dataset.text(tag).flatMap { originals[$0] }
        }
        for tag in RestorableAttributes.tags { texts[tag] = originals[RestorableAttributes.key(study: study, tag)] }
        return texts
    }

    /// Values of custody are Unicode; those the object brought may be of another set. Where there are some of no known
    /// one, and custody's are ASCII, which every set has, the object's set stays.
    private func settleCharacterSet(of dataset: DICOMObject.Item, restored: [AttributeTag: String]) throws -> Int {
        guard dataset.text(.specificCharacterSet) != "ISO_IR 192" else { return 0 }
        let written = Set(restored.keys)
        if restored.values.allSatisfy({ $0.allSatisfy(\.isASCII) }), hasForeignText(dataset, written: written) {
            return 0
        }
        let emptied = try transcode(dataset, written: written)
        try dataset.set(.specificCharacterSet, text: "ISO_IR 192")
        return emptied
    }

    private static func collectIdentifiers(of item: DICOMObject.Item, into found: inout Set<String>) {
        for entry in item.entries {
            if entry.itemCount != nil {
                for inner in item.items(entry.tag) { collectIdentifiers(of: inner, into: &found) }
            } else if entry.representation == "UI" {
                found.formUnion(item.texts(entry.tag).filter { $0.hasPrefix("2.25.") })
            }
        }
    }

    private func restoreIdentifiers(of item: DICOMObject.Item) throws {
        for entry in item.entries {
            if entry.itemCount != nil {
                for inner in item.items(entry.tag) { try restoreIdentifiers(of: inner) }
            } else if entry.representation == "UI" {
                let values = item.texts(entry.tag)
                guard values.contains(where: { originals[$0] != nil }) else { continue }
                try item.set(entry.tag, text: values.map { originals[$0] ?? $0 }.joined(separator: "\\"))
            }
        }
    }

    /// Texts that are not ASCII, but those of the top level that were `written` so already.
    private func encodedTexts(_ item: DICOMObject.Item, written: Set<AttributeTag>) -> [(
        tag: AttributeTag, representation: String, bytes: [UInt8]
    )] {
        item.entries.filter { !written.contains($0.tag) && Self.textRepresentations.contains($0.representation) }
            .compactMap { entry in
                item.bytes(entry.tag).flatMap { bytes in
                    bytes.contains { $0 >= 0x80 || $0 == Self.escape } ? (entry.tag, entry.representation, bytes) : nil
                }
            }
    }

    private static let textRepresentations: Set<String> = ["LO", "LT", "PN", "SH", "ST", "UC", "UT"]
    private static let escape: UInt8 = 0x1b

    private func hasForeignText(_ item: DICOMObject.Item, written: Set<AttributeTag> = []) -> Bool {
        encodedTexts(item, written: written).contains { !item.isUnicode($0.tag) }
            || item.entries.contains { entry in item.items(entry.tag).contains { hasForeignText($0) } }
    }

    /// Writes every text as UTF-8. One that is not of its own set stays where it happens to be UTF-8, and is emptied
    /// elsewhere: a guess would garble it for good.
    ///
    /// - Returns: how many were emptied.
    private func transcode(_ item: DICOMObject.Item, written: Set<AttributeTag> = []) throws -> Int {
        var emptied = 0
        for entry in item.entries {
            for inner in item.items(entry.tag) {
                emptied += try transcode(inner)
                // Read until here by the texts beside it; from now on the object's counts.
                inner.remove(.specificCharacterSet)
            }
        }
        for (tag, representation, bytes) in encodedTexts(item, written: written) {
            if item.isUnicode(tag) {
                try item.set(tag, text: item.text(tag) ?? "", representation: representation)
            } else if bytes.contains(Self.escape) || String(validating: bytes, as: UTF8.self) == nil {
                try item.set(tag, text: "", representation: representation)
                emptied += 1
            }
        }
        return emptied
    }
}
