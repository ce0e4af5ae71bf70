import DICOMObjects
package import Foundation

/// Gives an object that was made from de-identified images its patient and study back, so that it can return to where those came from.
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

    /// Writes `source` with its identity to `target`: every identifier that has an original, patient and study; identifiers of the
    /// object itself, which was made after de-identification, stay. The statement of de-identification goes.
    ///
    /// - Throws: `DeIdentificationError.unknownPseudonym` when the pairs know neither study nor patient; `DICOMObjectError`.
    package func restore(_ source: URL, to target: URL) throws {
        let object = try DICOMObject(file: source)
        let dataset = object.dataset
        // Under a policy that keeps identifiers the study's has no pseudonym; the patient's always has one.
        let knowsPatient = dataset.text(.patientIdentifier).map { originals[$0] != nil } ?? false
        guard let study = dataset.text(.studyInstance), originals[study] != nil || knowsPatient else {
            throw DeIdentificationError(.unknownPseudonym, "custody knows no original of the object's study: it was not de-identified here")
        }
        if let patient = dataset.text(.patientIdentifier), originals[patient] == nil {
            throw DeIdentificationError(.unknownPseudonym, "custody knows no original of the object's patient: it was not de-identified here")
        }
        try restoreIdentifiers(of: dataset)
        for tag in [AttributeTag.patientIdentifier, .patientName] {
            if let original = dataset.text(tag).flatMap({ originals[$0] }) { try dataset.set(tag, text: original) }
        }
        for tag in RestorableAttributes.tags {
            if let original = originals[RestorableAttributes.key(study: study, tag)] { try dataset.set(tag, text: original) }
        }
        // Values of custody are Unicode; those the object brought may be of another set.
        let old = dataset.text(.specificCharacterSet) ?? ""
        if old != "ISO_IR 192" {
            try transcode(dataset, written: Set(RestorableAttributes.tags + [.patientIdentifier, .patientName]))
            try dataset.set(.specificCharacterSet, text: "ISO_IR 192")
        }
        let statement = [
            DeIdentificationStatement.identityRemoved, DeIdentificationStatement.method, DeIdentificationStatement.methodCodes,
            DeIdentificationStatement.temporalInformation,
        ]
        statement.forEach(dataset.remove)
        try object.write(to: target)
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

    /// Writes every text that is not ASCII as UTF-8, but those of the top level that were `written` so already.
    private func transcode(_ item: DICOMObject.Item, written: Set<AttributeTag> = []) throws {
        for entry in item.entries where !written.contains(entry.tag) {
            for inner in item.items(entry.tag) {
                try transcode(inner)
                // Read until here by the texts beside it; from now on the object's counts.
                inner.remove(.specificCharacterSet)
            }
            guard ["LO", "LT", "PN", "SH", "ST", "UC", "UT"].contains(entry.representation),
                let bytes = item.bytes(entry.tag), bytes.contains(where: { $0 >= 0x80 || $0 == 0x1b }), let text = item.text(entry.tag)
            else { continue }
            // What is not of its own set stays byte by byte, as the images have it: a guess would garble it for good.
            guard item.isUnicode(entry.tag) else { continue }
            try item.set(entry.tag, text: text, representation: entry.representation)
        }
    }
}
