/// Why an attempt ended without success, in words that are safe to store, log and publish (no patient data, no hospital
/// file names).
package struct JobFailure: Error, Sendable, Codable, Equatable, CustomStringConvertible {
    /// Decides what happens next (`RetryPolicy`).
    package enum Class: SharedWord {
        /// Database, broker or archive away, storage timed out: tried for a day or more, at first within seconds.
        case transient
        /// Out of memory, disk full: tried as long, from half a minute apart on.
        case resource
        /// The input is wrong: no retry.
        case data
        /// An unexpected error: three tries.
        case defect
        /// The worker vanished: the lease expired. Three without progress make the job poison.
        case crash
        /// Of a newer program.
        case unknown(String)

        package static let allCases: [Self] = [.transient, .resource, .data, .defect, .crash]

        package var rawValue: String {
            switch self {
            case .transient: "transient"
            case .resource: "resource"
            case .data: "data"
            case .defect: "defect"
            case .crash: "crash"
            case .unknown(let word): word
            }
        }
    }

    package var `class`: Class
    /// Machine-readable, kebab-case, such as `slice-missing`.
    package var code: String
    /// What was wrong, the value, what was expected, what to do.
    package var reason: String

    package init(class: Class, code: String, reason: String) {
        self.class = `class`
        self.code = code
        self.reason = reason
    }

    package var description: String { "\(code): \(reason)" }
}
