import Faults
import JobEngine

extension JobFailure {
    /// What reading a study or its label came upon, under the library's own code (`missing-slice`, `not-nifti`), so
    /// that operators can list and replay by it.
    ///
    /// - Parameter isNamed: whether a hospital named the files: that one is missing or locked is its fault then. Jobs'
    ///   own lie in storage.
    init(reading what: String, isNamed: Bool = false, _ error: any Error) {
        switch error {
        case let failure as JobFailure: self = failure
        case let fault as any Fault:
            self.init(fault)
            if fault.blame == .file, isNamed { `class` = .data }
            reason = "\(what): \(reason)"
        // Foundation's errors print paths: only their type is told. Opening may work another time.
        default:
            self.init(
                class: .transient, code: "\(what)-unreadable",
                reason: "\(what): an error of type \(type(of: error)) while opening it")
        }
    }

    /// Runs code of the imaging libraries; what it throws becomes a failure that names `what`.
    static func reading<Result>(_ what: String, isNamed: Bool = false, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw JobFailure(reading: what, isNamed: isNamed, error) }
    }
}
