import Anatomy
import DICOMSeries
import DICOMObjects
import DIMSE
import LabelMaps
import JobEngine
import Learning
import LocalServices
import Messaging
import Metrics
import ModelExchange
import Persistence
import Phantoms
import Plans
import PyTorchFiles
import Reports
import Segmentation
import DICOMSegmentations
import Storage
import TensorCore
import Volumes
import WorkerRuntime

/// Why a command ended without success: one line for standard error and the exit code scripts go by.
///
/// | Code | Meaning |
/// |---|---|
/// | 0 | done |
/// | 1 | failed: the job died, an object is corrupted, nothing was found |
/// | 64 | the command line is wrong (`EX_USAGE`) |
/// | 65 | the input is wrong (`EX_DATAERR`) |
/// | 69 | database, broker or storage cannot be reached (`EX_UNAVAILABLE`) |
/// | 75 | not finished in the time given (`EX_TEMPFAIL`) |
/// | 78 | a setting is wrong (`EX_CONFIG`) |
struct CommandFailure: Error, CustomStringConvertible {
    enum Code: Int32, Sendable {
        case failed = 1
        case usage = 64
        case badData = 65
        case unavailable = 69
        case timeout = 75
        case configuration = 78
    }

    var code: Code
    var description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ConfigurationError: self.init(.configuration, error.description)
        case let error as MessagingError:
            self.init(Self.code(error), Self.reached("COLUMNA_BROKER_URL", Self.code(error), error.description))
        case let error as PostgresError where ["42P01", "3F000"].contains(error.sqlState):
            self.init(.configuration, "the database has no schema of this version: run `columna migrate`")
        // libpq has no SQLSTATE for a refused connection; its own words are all there is to tell by.
        case let error as PostgresError
        where error.code == .connectionLost && error.detail?.contains("password authentication failed") == true:
            self.init(
                .configuration,
                "the database server runs but refused the password: check that of COLUMNA_DATABASE_URL, or COLUMNA_DATABASE_PASSWORD_FILE"
            )
        case let error as PostgresError:
            self.init(Self.code(error), Self.reached("COLUMNA_DATABASE_URL", Self.code(error), error.description))
        case let error as LocalServicesError:
            self.init(error.code == .notRunning ? .unavailable : .failed, error.description)
        case let error as StorageError:
            let code: Code =
                switch error.code {
                case .wrongHash, .wrongLength: .badData
                case .notAStore, .otherStore: .configuration
                default: .failed
                }
            self.init(code, error.description)
        case let error as JobFailure: self.init(error.class == .data ? .badData : .failed, error.reason)
        // The person at the terminal named the file: its name says which one of several is meant.
        case let error as VolumeError: self.init(.badData, Self.named(error.path, error.description))
        case let error as DIMSEError:
            self.init(
                error.code == .invalidConfiguration ? .configuration : error.isTransient ? .unavailable : .failed,
                error.description)
        case let error as DICOMError: self.init(.badData, Self.named(error.path, error.description))
        case let error as DICOMObjectError: self.init(.badData, Self.named(error.path, error.description))
        case is NumberingError, is MaskFolderError, is PlanError, is TensorError, is MetricsError, is LearningError,
            is SegmentationError, is SegmentationObjectError, is PhantomError,
            is ReportError, is PyTorchFileError, is ModelExchangeError:
            self.init(.badData, "\(error)")
        default: self.init(.failed, "\(error)")
        }
    }

    /// Whether an error would meet every other message or job as well: the database or the broker is gone. Any other is
    /// the one's that it came from.
    static func endsRun(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: error.concernsEveryone || error.code == .invalidConfiguration
        case let error as MessagingError: ![.refused, .preconditionFailed, .locked].contains(error.code)
        case is CancellationError, is ConfigurationError: true
        case let failure as CommandFailure: [.unavailable, .configuration].contains(failure.code)
        default: false
        }
    }

    /// Who never set the variable is helped by the local stack's state, not by the variable.
    private static func reached(_ variable: String, _ code: Code, _ text: String) -> String {
        guard code == .unavailable, SystemConnection.usesStoppedLocalStack(for: variable) else { return text }
        return "the local stack in .columna does not run: `columna local up`"
    }

    private static func named(_ path: String?, _ text: String) -> String { path.map { "\($0): \(text)" } ?? text }

    private static func code(_ error: MessagingError) -> Code {
        switch error.code {
        case .invalidURL: .configuration
        case .refused, .preconditionFailed, .locked: .failed
        default: .unavailable
        }
    }

    private static func code(_ error: PostgresError) -> Code {
        switch error.code {
        case .connectionLost: .unavailable
        case .invalidConfiguration, .schemaOutdated: .configuration
        default: .failed
        }
    }
}
