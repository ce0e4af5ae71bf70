/// Why an operation did not do what it was asked for, in a sentence for whoever asked.
package struct OperationError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is nothing of that name.
        case missing
        /// As things stand it cannot be done, or it ended without success.
        case refused
        /// The request contradicts itself or the system's settings.
        case usage
        /// What the request names is wrong: files, data sets, models.
        case badInput = "bad-input"
        /// The broker does not take what was sent.
        case unavailable
        /// Not finished in the time given; it goes on without whoever waited.
        case unfinished
        /// A setting is wrong.
        case configuration
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
