import DICOMDictionary
import DICOMObjects

/// Takes the identity out of one object, attribute by attribute, through all its sequences.
struct DatasetCleaner {
    let policy: DeIdentificationPolicy
    /// Nil where the policy removes dates.
    let daysEarlier: Int?
    var pseudonyms: Pseudonyms
    var report = DeIdentificationReport()
    private var recorded: Set<IdentityPair> = []

    init(policy: DeIdentificationPolicy, daysEarlier: Int?, pseudonyms: Pseudonyms) {
        self.policy = policy
        self.daysEarlier = daysEarlier
        self.pseudonyms = pseudonyms
    }

    mutating func clean(_ item: DICOMObject.Item) throws {
        let entries = item.entries
        let safe = SafePrivateAttributes(policy.private, in: item, entries: entries)
        for entry in entries {
            if entry.tag.isPrivate {
                try cleanPrivate(entry, safe, in: item)
            } else {
                try cleanStandard(entry, in: item)
            }
        }
    }

    mutating func record(_ pair: IdentityPair) {
        guard pair.original != pair.pseudonym, recorded.insert(pair).inserted else { return }
        report.pseudonyms.append(pair)
    }

    private mutating func cleanPrivate(
        _ entry: DICOMObject.Entry, _ safe: SafePrivateAttributes, in item: DICOMObject.Item
    ) throws {
        if safe.creators.contains(entry.tag) { return }
        guard safe.kept.contains(entry.tag) else {
            item.remove(entry.tag)
            report.removedPrivate += 1
            report.removed += 1
            return
        }
        report.keptPrivate += 1
        try cleanUnlisted(entry, entry.representation, in: item)
    }

    private mutating func cleanStandard(_ entry: DICOMObject.Entry, in item: DICOMObject.Item) throws {
        let tag = entry.tag
        // What the dictionary does not know may be anything, and a value of unknown representation where there should
        // be a sequence cannot be looked into. Curves (50xx) and overlays (60xx) go as wholes: without their data the
        // rest says nothing.
        let isUnknown = entry.dictionaryRepresentation == "??" && entry.representation != "SQ" && tag.element != 0
        let isHidden = entry.dictionaryRepresentation == "SQ" && entry.itemCount == nil
        if isUnknown || isHidden { report.removedUnknown += 1 }
        if isUnknown || isHidden || tag.element == 0 || [0x5000, 0x6000].contains(tag.group & 0xff00) {
            return remove(tag, in: item)
        }
        let representation = Self.representation(of: entry)
        switch tag {
        case .patientIdentifier:
            return try replacePatient(tag, .patientID, in: item) { try $0.patientIdentifier(for: $1) }
        case .patientName: return try replacePatient(tag, .patientName, in: item) { try $0.patientName(for: $1) }
        default: break
        }
        guard let rule = ConfidentialityTable.rule(for: tag), !isRetained(rule) else {
            return try cleanUnlisted(entry, representation, in: item)
        }
        if rule.isTemporal, daysEarlier != nil, try keepShifted(tag, representation, in: item) { return }
        try apply(rule.action, entry, representation, in: item)
    }

    /// The dictionary's word counts, for what an element calls itself may be wrong or unknown; but it leaves a choice
    /// of bytes, words and signs.
    private static func representation(of entry: DICOMObject.Entry) -> String {
        if entry.itemCount != nil { return "SQ" }
        let isChoice =
            ["OW", "US"].contains(entry.dictionaryRepresentation) && !["UN", "??"].contains(entry.representation)
        return isChoice ? entry.representation : entry.dictionaryRepresentation
    }

    private func isRetained(_ rule: ConfidentialityTable.Rule) -> Bool {
        rule.isPatientCharacteristic && policy.retain.contains(.patientCharacteristics)
            || rule.isDeviceIdentity && policy.retain.contains(.device)
    }

    private mutating func apply(
        _ action: ConfidentialityAction, _ entry: DICOMObject.Entry, _ representation: String, in item: DICOMObject.Item
    ) throws {
        let tag = entry.tag
        switch action {
        case .remove: remove(tag, in: item)
        case .empty: try empty(tag, representation, in: item)
        case .mapIdentifiers: try mapIdentifiers(tag, representation, in: item)
        case .keepSequence: try item.items(tag).forEach { try clean($0) }
        case .dummy(let removesSequences):
            if representation == "SQ" {
                guard !removesSequences else { return remove(tag, in: item) }
                try item.setEmptySequence(tag)
                _ = try item.appendItem(tag)
                report.replaced += 1
            } else if representation == "UI" {
                try mapIdentifiers(tag, representation, in: item)
            } else if entry.byteCount > 0 {
                try DummyValue.set(tag, representation, in: item)
                report.replaced += 1
            }
        }
    }

    /// What the table does not name, or an option keeps: sequences are looked into; names, dates and identifiers of
    /// instances do not stay even so, as there are some that the table has forgotten.
    private mutating func cleanUnlisted(_ entry: DICOMObject.Entry, _ representation: String, in item: DICOMObject.Item)
        throws
    {
        let tag = entry.tag
        switch representation {
        case "SQ": for inner in item.items(tag) { try clean(inner) }
        case "PN": try empty(tag, representation, in: item)
        case "UI" where !IdentifiersOfKinds.contains(tag): try mapIdentifiers(tag, representation, in: item)
        case "DA", "DT", "TM":
            if daysEarlier != nil, try keepShifted(tag, representation, in: item) { return }
            try empty(tag, representation, in: item)
        default: break
        }
    }

    /// Whether a value of time may stay as it is now: dates shifted, times of day as they were.
    private mutating func keepShifted(_ tag: AttributeTag, _ representation: String, in item: DICOMObject.Item) throws
        -> Bool
    {
        guard let daysEarlier else { return false }
        // An offset from UTC says as little as the time of day.
        if tag == AttributeTag(0x0008, 0x0201) { return true }
        guard ["DA", "DT", "TM"].contains(representation) else { return false }
        let values = item.texts(tag)
        if values.isEmpty { return true }
        if representation == "TM",
            values.allSatisfy({ $0.allSatisfy { $0.isASCII && ($0.isNumber || ".:".contains($0)) } })
        {
            return true
        }
        let shifted = values.map { value in
            value.isEmpty
                ? value
                : representation == "DA"
                    ? ShiftedDate.date(value, daysEarlier: daysEarlier)
                    : ShiftedDate.dateTime(value, daysEarlier: daysEarlier)
        }
        guard representation != "TM", !shifted.contains(nil) else {
            report.invalidDates += 1
            try empty(tag, representation, in: item)
            return true
        }
        try item.set(tag, text: shifted.compactMap { $0 }.joined(separator: "\\"), representation: representation)
        report.replaced += 1
        return true
    }

    private mutating func mapIdentifiers(_ tag: AttributeTag, _ representation: String, in item: DICOMObject.Item)
        throws
    {
        guard policy.uids == .map else { return }
        guard representation == "UI" else { return remove(tag, in: item) }
        let originals = item.texts(tag)
        guard !originals.isEmpty else { return }
        let mapped = try originals.map { try $0.isEmpty ? $0 : pseudonyms.identifier(for: $0) }
        for (original, pseudonym) in zip(originals, mapped) where !original.isEmpty {
            record(IdentityPair(kind: IdentityPair.Kind(identifiedBy: tag), original: original, pseudonym: pseudonym))
        }
        try item.set(tag, text: mapped.joined(separator: "\\"), representation: "UI")
        report.replaced += 1
    }

    private mutating func replacePatient(
        _ tag: AttributeTag, _ kind: IdentityPair.Kind, in item: DICOMObject.Item,
        _ pseudonym: (Pseudonyms, String) throws -> String
    ) throws {
        guard let original = item.text(tag) else { return try empty(tag, kind == .patientName ? "PN" : "LO", in: item) }
        let replacement = try pseudonym(pseudonyms, original)
        record(IdentityPair(kind: kind, original: original, pseudonym: replacement))
        try item.set(tag, text: replacement, representation: kind == .patientName ? "PN" : "LO")
        report.replaced += 1
    }

    private mutating func empty(_ tag: AttributeTag, _ representation: String, in item: DICOMObject.Item) throws {
        if representation == "SQ" {
            try item.setEmptySequence(tag)
        } else {
            try item.set(tag, text: "", representation: representation)
        }
        report.emptied += 1
    }

    private mutating func remove(_ tag: AttributeTag, in item: DICOMObject.Item) {
        item.remove(tag)
        report.removed += 1
    }
}

extension IdentityPair.Kind {
    /// What an attribute of unique identifiers identifies.
    fileprivate init(identifiedBy tag: AttributeTag) {
        switch tag {
        case .studyInstance: self = .studyUID
        case .seriesInstance: self = .seriesUID
        case .sopInstance, .referencedSOPInstance: self = .sopInstanceUID
        case .frameOfReference, AttributeTag(0x3006, 0x0024): self = .frameOfReferenceUID
        default: self = .other
        }
    }
}
