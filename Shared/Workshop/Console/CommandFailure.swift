import Faults
import JobEngine
import Messaging
import Persistence
import WorkerRuntime

/// Why a command ended without success: one line for standard error and the exit code scripts go by.
///
/// | Code | Meaning |
/// |---|---|
/// | 0 | done |
/// | 1 | failed: the job died, an object is corrupted, the system has nothing of that name |
/// | 3 | the local stack does not run |
/// | 64 | the command line is wrong (`EX_USAGE`) |
/// | 65 | the input is wrong (`EX_DATAERR`) |
/// | 69 | database, broker or storage cannot be reached (`EX_UNAVAILABLE`) |
/// | 75 | not finished in the time given (`EX_TEMPFAIL`) |
/// | 78 | a setting is wrong (`EX_CONFIG`) |
package struct CommandFailure: Error, CustomStringConvertible {
    package enum Code: Int32, Sendable {
        case failed = 1
        case stopped = 3
        case usage = 64
        case badData = 65
        case unavailable = 69
        case timeout = 75
        case configuration = 78
    }

    package var code: Code
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The only place that turns an error into what a command says of it.
    package init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let failure as JobFailure: self.init(failure.class == .data ? .badData : .failed, failure.reason)
        case let error as PostgresError where ["42P01", "3F000"].contains(error.sqlState):
            self.init(.configuration, "the database has no schema of this version: run `columna migrate`")
        // libpq has no SQLSTATE for a refused connection; its own words are all there is to tell by.
        case let error as PostgresError
        where error.code == .connectionLost && error.detail?.contains("password authentication failed") == true:
            self.init(
                .configuration,
                "the database server runs but refused the password: check that of COLUMNA_DATABASE_URL, or COLUMNA_DATABASE_PASSWORD_FILE"
            )
        case let error as PostgresError: self.init(error, of: "COLUMNA_DATABASE_URL")
        case let error as MessagingError: self.init(error, of: "COLUMNA_BROKER_URL")
        // The person at the terminal named the file: its name says which one of several is meant.
        case let fault as any Fault:
            self.init(Code(fault.blame), fault.path.map { "\($0): \(fault.description)" } ?? fault.description)
        default: self.init(.failed, FoundationFailure(error)?.description ?? "\(error)")
        }
    }

    /// Who never set the variable is helped by the local stack's state, not by the variable.
    private init(_ fault: any Fault, of variable: String) {
        let code = Code(fault.blame)
        let isStopped = code == .unavailable && LocalSystem.isStopped(insteadOf: variable)
        self.init(code, isStopped ? "the local stack in .columna does not run: `columna local up`" : fault.description)
    }
}

extension CommandFailure.Code {
    fileprivate init(_ blame: Blame) {
        self =
            switch blame {
            case .input, .file: .badData
            case .request: .usage
            case .passing: .unavailable
            case .unfinished: .timeout
            case .setting: .configuration
            case .machine, .state, .defect, .cancelled: .failed
            }
    }
}
