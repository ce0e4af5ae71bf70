import DICOMDictionary
import DICOMObjects

/// What an object says of its own de-identification (PS3.3 C.12.1.1.1 and PS3.15 E.2; codes of CID 7050).
enum DeIdentificationStatement {
    static func write(to dataset: DICOMObject.Item, policy: DeIdentificationPolicy) throws {
        try dataset.set(.identityRemoved, text: "YES")
        try dataset.set(.deidentificationMethod, text: "Columna: DICOM PS3.15 Annex E")
        let present = Set(dataset.items(.deidentificationMethodCodes).compactMap { $0.text(.codeValue) })
        for (value, meaning) in codes(policy) where !present.contains(value) {
            let item = try dataset.appendItem(.deidentificationMethodCodes)
            try item.set(.codeValue, text: value)
            try item.set(.codingScheme, text: "DCM")
            try item.set(.codeMeaning, text: meaning)
        }
        try dataset.set(.temporalInformationModified, text: policy.dates == .shift ? "MODIFIED" : "REMOVED")
    }

    static func codes(_ policy: DeIdentificationPolicy) -> [(value: String, meaning: String)] {
        var codes = [("113100", "Basic Application Confidentiality Profile")]
        if policy.dates == .shift {
            codes.append(("113107", "Retain Longitudinal Temporal Information Modified Dates Option"))
        }
        if policy.retain.contains(.patientCharacteristics) {
            codes.append(("113108", "Retain Patient Characteristics Option"))
        }
        if policy.retain.contains(.device) { codes.append(("113109", "Retain Device Identity Option")) }
        if policy.uids == .keep { codes.append(("113110", "Retain UIDs Option")) }
        if !policy.private.isEmpty { codes.append(("113111", "Retain Safe Private Option")) }
        return codes
    }
}
