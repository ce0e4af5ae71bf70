import Faults
import Testing

@Suite struct FaultTests {
    private struct DoorError: Fault {
        enum Code: String, Sendable, CaseIterable {
            case locked
            case wrongKey = "wrong-key"
        }

        static let origin: String? = "door"
        let code: Code
        let description: String
        var path: String?
        var blame: Blame { code == .locked ? .passing : .input }
    }

    @Test func theFullCodeSaysWhoseItIs() {
        #expect(DoorError(code: .wrongKey, description: "").fullCode == "door-wrong-key")
    }

    @Test func faultsAreEqualByTheirCodes() {
        let locked = DoorError(code: .locked, description: "the door is locked")
        #expect(locked == DoorError(code: .locked, description: "the gate is locked", path: "/gate"))
        #expect(locked != DoorError(code: .wrongKey, description: "the door is locked"))
    }

    @Test func onlyWhatPassesByItselfIsTransient() {
        #expect(DoorError(code: .locked, description: "").isTransient)
        #expect(!DoorError(code: .wrongKey, description: "").isTransient)
    }

    @Test func aFileIsNamedWhereOnlyDevelopersRead() {
        let locked = DoorError(code: .locked, description: "the door is locked", path: "/home/door")
        #expect("\(locked)" == "the door is locked")
        #expect(String(reflecting: locked) == "locked: the door is locked [/home/door]")
    }
}
