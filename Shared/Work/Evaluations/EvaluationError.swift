/// Why an evaluation cannot be used as it was asked for.
package struct EvaluationError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
