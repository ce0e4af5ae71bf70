/// Why two label maps cannot be compared.
package struct MetricsError: Error, Sendable {
    package enum Code: String, Sendable {
        case gridsDiffer
        case labelOutsideSet
        /// An affine that is not finite or flat.
        case invalidGrid
        case invalidTolerance
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension MetricsError: Equatable {
    package static func == (left: MetricsError, right: MetricsError) -> Bool { left.code == right.code }
}

extension MetricsError: CustomStringConvertible {
    package var description: String { message }
}
