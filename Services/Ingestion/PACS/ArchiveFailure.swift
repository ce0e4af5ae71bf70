import DICOMweb
import DIMSE
package import JobEngine

/// What an archive answered, as the job engine needs it: whether another try may do.
extension DIMSEError: ClassifiedError {
    package var failure: JobFailure {
        // Titles are entered and certificates renewed by people, on both sides.
        let failureClass: JobFailure.Class =
            isTransient ? .transient : [.rejected, .invalidConfiguration].contains(code) ? .resource : .data
        return JobFailure(class: failureClass, code: "archive-\(kebab(code.rawValue))", reason: description)
    }
}

extension DICOMwebError: ClassifiedError {
    package var failure: JobFailure {
        let failureClass: JobFailure.Class =
            isTransient
            ? .transient : [.untrusted, .unauthorized, .invalidConfiguration].contains(code) ? .resource : .data
        return JobFailure(class: failureClass, code: "archive-\(kebab(code.rawValue))", reason: description)
    }
}

/// `timedOut` as `timed-out`.
private func kebab(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
}
