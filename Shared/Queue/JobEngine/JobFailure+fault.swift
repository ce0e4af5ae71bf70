package import Faults

extension JobFailure {
    /// What an error says to the job that met it: the only place that turns one into the other.
    ///
    /// An error that is no ``Fault`` may hold a path in its words, so only its type is told.
    package init(_ error: any Error) {
        switch error {
        case let failure as JobFailure: self = failure
        case let fault as any Fault:
            self.init(class: Class(fault.blame), code: fault.fullCode, reason: fault.description)
        default:
            self.init(
                class: .defect, code: "unexpected-error",
                reason:
                    "an error of type \(type(of: error)) that no handler expected: see the worker's log, and report it")
        }
    }

    /// Runs code that reads an input: where the input is at fault, the failure has this code, which says which one. A
    /// disk that fails while it is read is no fault of the input's.
    package static func blamingInput<Result>(_ code: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as any Fault where fault.blame == .input {
            throw JobFailure(class: .data, code: code, reason: fault.description)
        } catch let error as DecodingError {
            throw JobFailure(class: .data, code: code, reason: "\(error)")
        }
    }

    /// Runs code that reads what the program that ordered the job has read before. What this program cannot read is of a
    /// newer one then, and is left to a worker of that: the job comes back as after a lack of resources.
    ///
    /// - Parameter unreadable: says that something is unknown here, not that it is out of range.
    package static func leavingToNewer<Code: FaultCode, Result>(
        _ code: String, _ unreadable: Code, _ body: () throws -> Result
    ) throws -> Result {
        do { return try body() } catch let error as CodedFault<Code> where error.code == unreadable {
            throw JobFailure(newer: code, error.description)
        }
    }

    /// As the other does.
    package static func leavingToNewer<Code: FaultCode, Result>(
        _ code: String, _ unreadable: Code, _ body: () async throws -> Result
    ) async throws -> Result {
        do { return try await body() } catch let error as CodedFault<Code> where error.code == unreadable {
            throw JobFailure(newer: code, error.description)
        }
    }

    private init(newer code: String, _ sentence: String) {
        self.init(
            class: .resource, code: code,
            reason:
                "\(sentence); a newer program ordered this: a worker of its version will take it, or upgrade this one")
    }
}

extension JobFailure.Class {
    /// A file that a job cannot read was stored whole: what keeps it away is mended without the job.
    fileprivate init(_ blame: Blame) {
        self =
            switch blame {
            case .input, .request: .data
            case .file, .machine, .state, .setting: .resource
            case .passing, .unfinished: .transient
            case .defect, .cancelled: .defect
            }
    }
}
