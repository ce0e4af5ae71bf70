import DICOMDictionary
import DICOMObjects
import Faults
package import Foundation

/// Takes the patient's identity out of DICOM objects: the Basic Application Level Confidentiality Profile of PS3.15
/// Annex E with the options that the policy names.
///
/// The same policy and key give the same bytes from the same object, and objects of one study, series or patient stay
/// linked. Pixels are not touched: what they may show is reported. Calls block; a value may be used by several threads.
package struct DeIdentifier: Sendable {
    package let policy: DeIdentificationPolicy
    private let key: TenantKey

    package init(policy: DeIdentificationPolicy, key: TenantKey) {
        self.policy = policy
        self.key = key
    }

    /// Writes `source` without identity to `target`, as a Part 10 file with a new meta header in the same transfer
    /// syntax. Under the profile `none` it is a copy of the bytes, and only the warnings are reported.
    ///
    /// - Throws: `DICOMObjectError`; `DeIdentificationError` (`unwritable`); `CryptographyError`. Then there is nothing
    ///   at `target`.
    package func deidentify(_ source: URL, to target: URL) throws -> DeIdentificationReport {
        let object = try DICOMObject(file: source)
        guard policy.profile == .basic else {
            var report = DeIdentificationReport()
            report.warnings = IdentityRisk.risks(of: object.dataset)
            do {
                try FileManager.default.copyItem(at: source, to: target)
            } catch {
                throw DeIdentificationError(
                    .unwritable, "an object cannot be copied: check permissions and space of the target folder")
            }
            return report
        }
        let dataset = object.dataset
        // Where only the meta header says what the object is, the new one could not be made.
        for (tag, metaTag) in [
            (AttributeTag.sopClass, AttributeTag.mediaStorageSOPClass), (.sopInstance, .mediaStorageSOPInstance),
        ] {
            if dataset.text(tag) == nil, let value = object.meta.text(metaTag) { try dataset.set(tag, text: value) }
        }
        let patient =
            dataset.text(.patientIdentifier) ?? dataset.text(.patientName) ?? dataset.text(.studyInstance) ?? ""
        let pseudonyms = Pseudonyms(key: key)
        let daysEarlier = policy.dates == .shift ? try pseudonyms.daysEarlier(patient: patient) : nil
        var cleaner = DatasetCleaner(policy: policy, daysEarlier: daysEarlier, pseudonyms: pseudonyms)
        cleaner.report.warnings = IdentityRisk.risks(of: dataset)
        let before = RestorableAttributes.values(of: dataset)
        try cleaner.clean(dataset)
        for pair in RestorableAttributes.pairs(before, cleaned: dataset) { cleaner.record(pair) }
        try DeIdentificationStatement.write(to: dataset, policy: policy)
        try object.write(to: target)
        return cleaner.report
    }

    /// What stands for a unique identifier in de-identified objects; the identifier itself where the policy keeps it.
    package func pseudonym(of uid: String) throws -> String {
        guard policy.profile == .basic, policy.uids == .map else { return uid }
        var pseudonyms = Pseudonyms(key: key)
        return try pseudonyms.identifier(for: uid)
    }

    /// What stands for a patient's identifier.
    package func pseudonym(ofPatient identifier: String) throws -> String {
        policy.profile == .basic ? try Pseudonyms(key: key).patientIdentifier(for: identifier) : identifier
    }
}
