import Console
import Faults
import Operations
import Testing

@Suite struct CommandFailureTests {
    private enum RoomErrorCode: String, FaultCode {
        case closed, occupied

        var blame: Blame { self == .closed ? .file : .state }
    }

    /// The table of exit codes, which scripts go by.
    @Test(arguments: [
        (OperationErrorCode.missing, Int32(1)), (.refused, 1), (.usage, 64), (.badInput, 65), (.unavailable, 69),
        (.unfinished, 75), (.configuration, 78),
    ])
    func whatAnOperationSaysIsTheCommandsSentenceAndExitCode(code: OperationErrorCode, status: Int32) {
        let failure = CommandFailure(OperationError(code, "there is no model spine"))
        #expect(failure.code.rawValue == status)
        #expect(failure.description == "there is no model spine")
    }

    @Test func theFileThatAPersonNamedIsNamed() {
        let failure = CommandFailure(CodedFault<RoomErrorCode>(.closed, "it cannot be read", path: "/rooms/1"))
        #expect(failure.code == .badData)
        #expect(failure.description == "/rooms/1: it cannot be read")
    }

    @Test func anErrorOfNoLibraryIsAFailure() {
        struct Odd: Error, CustomStringConvertible { let description = "it is odd" }
        #expect(CommandFailure(Odd()).code == .failed)
        #expect(CommandFailure(Odd()).description == "it is odd")
    }
}
