package import DICOMDictionary

/// The attributes of DICOM PS3.15 Table E.1-1 ("Application Level Confidentiality Profile Attributes", editions 2024e
/// and 2026c) and what the Basic Profile does with each. Curves, overlays and private attributes, which the table names
/// by pattern, are not in it.
package enum ConfidentialityTable {
    package struct Rule: Sendable, Hashable {
        package let action: ConfidentialityAction
        /// "Retain Patient Characteristics" keeps it. Where that option says to clean, nothing is cleaned and the
        /// action applies.
        package let isPatientCharacteristic: Bool
        /// "Retain Device Identity" keeps it; likewise.
        package let isDeviceIdentity: Bool
        /// "Retain Longitudinal Temporal Information With Modified Dates" shifts it.
        package let isTemporal: Bool
        package let name: String
    }

    package static let rules: [AttributeTag: Rule] = {
        var rules: [AttributeTag: Rule] = [:]
        for part in [groupsTo0017, groups0018To003F, groupsFrom0040] {
            for line in part.split(separator: "\n") {
                let fields = line.split(separator: " ", maxSplits: 3)
                guard fields.count == 4, let tag = AttributeTag(digits: fields[0]),
                    let action = ConfidentialityAction(fields[1])
                else {
                    preconditionFailure(
                        "the table of confidential attributes has a line without tag, action, options and name: \(line)"
                    )
                }
                rules[tag] = Rule(
                    action: action, isPatientCharacteristic: fields[2].contains("p"),
                    isDeviceIdentity: fields[2].contains("d"),
                    isTemporal: fields[2].contains("t"), name: fields[3].drop { $0 == " " }.description)
            }
        }
        return rules
    }()

    package static func rule(for tag: AttributeTag) -> Rule? { rules[tag] }
}
