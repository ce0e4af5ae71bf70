import DICOMObjects
import DeIdentification
import Testing

struct ConfidentialityTableTests {
    /// Counted in the table of the standard's editions: 617 attributes in 2024e, 35 more in 2026c, besides the four
    /// patterns.
    @Test func theTableIsWhole() {
        #expect(ConfidentialityTable.rules.count == 652)
        #expect(ConfidentialityTable.rules.values.count { $0.isTemporal } == 165)
        #expect(ConfidentialityTable.rules.values.count { $0.isPatientCharacteristic } == 9)
        #expect(ConfidentialityTable.rules.values.count { $0.isDeviceIdentity } == 46)
    }

    @Test func howManyAttributesHaveEachAction() {
        var counts: [ConfidentialityAction: Int] = [:]
        for rule in ConfidentialityTable.rules.values { counts[rule.action, default: 0] += 1 }
        // X; Z and X/Z; D and Z/D; X/D and X/Z/D; U; X/Z/U*.
        #expect(counts[.remove] == 412)
        #expect(counts[.empty] == 42 + 11)
        #expect(counts[.dummy(removesSequences: false)] == 93 + 6)
        #expect(counts[.dummy(removesSequences: true)] == 23 + 8)
        #expect(counts[.mapIdentifiers] == 55)
        #expect(counts[.keepSequence] == 2)
    }

    @Test(arguments: [
        (0x0008_0050 as UInt32, ConfidentialityAction.empty, "Accession Number"),
        (0x0010_1010, .remove, "Patient's Age"),
        (0x0010_0010, .empty, "Patient's Name"), (0x0018_1000, .dummy(removesSequences: true), "Device Serial Number"),
        (0x0020_000d, .mapIdentifiers, "Study Instance UID"),
        (0x0040_a123, .dummy(removesSequences: false), "Person Name"),
        (0xfffc_fffc, .remove, "Data Set Trailing Padding"), (0x0008_1140, .keepSequence, "Referenced Image Sequence"),
    ])
    func rulesAreThoseOfTheStandard(_ tag: UInt32, _ action: ConfidentialityAction, _ name: String) throws {
        let rule = try #require(ConfidentialityTable.rule(for: RawObject.tag(tag)))
        #expect(rule.action == action)
        #expect(rule.name == name)
    }
}
