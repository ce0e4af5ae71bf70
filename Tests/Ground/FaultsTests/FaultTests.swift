import Faults
import Testing

@Suite struct FaultTests {
    private enum DoorErrorCode: String, FaultCode {
        case locked
        case wrongKey = "wrong-key"

        static let origin: String? = "door"
        var blame: Blame { self == .locked ? .passing : .input }
    }
    private typealias DoorError = CodedFault<DoorErrorCode>

    @Test func theFullCodeSaysWhoseItIs() {
        #expect(DoorError(.wrongKey, "").fullCode == "door-wrong-key")
    }

    @Test func faultsAreEqualByTheirCodes() {
        let locked = DoorError(.locked, "the door is locked")
        #expect(locked == DoorError(.locked, "the gate is locked", path: "/gate"))
        #expect(locked != DoorError(.wrongKey, "the door is locked"))
    }

    @Test func onlyWhatPassesByItselfIsTransient() {
        #expect(DoorError(.locked, "").isTransient)
        #expect(!DoorError(.wrongKey, "").isTransient)
    }

    @Test func aFileIsNamedWhereOnlyDevelopersRead() {
        let locked = DoorError(.locked, "the door is locked", path: "/home/door")
        #expect("\(locked)" == "the door is locked")
        #expect(String(reflecting: locked) == "locked: the door is locked [/home/door]")
    }
}
