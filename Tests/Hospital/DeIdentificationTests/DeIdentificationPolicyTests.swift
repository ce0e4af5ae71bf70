import DeIdentification
import Faults
import Foundation
import Testing

struct DeIdentificationPolicyTests {
    @Test func thePolicyIsReadByASitesKeys() throws {
        let json =
            #"{"profile":"basic","retain":["device","patient-characteristics"],"dates":"remove","uids":"keep","private":["GEMS_PARM_01:0043,27"]}"#
        let policy = try JSONDecoder().decode(DeIdentificationPolicy.self, from: Data(json.utf8))
        let expected = DeIdentificationPolicy(
            retain: [.device, .patientCharacteristics], dates: .remove, uids: .keep,
            private: [PrivateAttribute(creator: "GEMS_PARM_01", group: 0x43, offset: 0x27)])
        #expect(policy == expected)
        #expect(try JSONDecoder().decode(DeIdentificationPolicy.self, from: JSONEncoder().encode(policy)) == policy)
    }

    @Test func whatIsLeftOutIsTheStricterChoice() throws {
        #expect(
            try JSONDecoder().decode(DeIdentificationPolicy.self, from: Data(#"{"profile":"basic"}"#.utf8)) == .basic)
        #expect(DeIdentificationPolicy.basic.uids == .map)
        #expect(DeIdentificationPolicy.basic.retain.isEmpty)
    }

    @Test(arguments: [
        #"{}"#, #"{"profile":"full"}"#, #"{"profile":"basic","retian":[]}"#,
        #"{"profile":"basic","private":["0043,27"]}"#,
        #"{"profile":"basic","private":["A:0042,27"]}"#, #"{"profile":"basic","dates":"keep"}"#,
    ])
    func whatIsNoPolicyIsRefused(_ json: String) {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(DeIdentificationPolicy.self, from: Data(json.utf8))
        }
    }

    @Test func aSecretMustBeLongAndVaried() {
        #expect(throws: DeIdentificationError.self) { try SiteSecret(Array("short".utf8)) }
        #expect(throws: DeIdentificationError.self) { try SiteSecret([UInt8](repeating: 65, count: 64)) }
    }
}
