package import Faults

/// Why two label maps cannot be compared.
package struct MetricsError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case gridsDiffer = "grids-differ"
        case labelOutsideSet = "label-outside-set"
        /// An affine that is not finite or flat.
        case invalidGrid = "invalid-grid"
        case invalidTolerance = "invalid-tolerance"
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    package var blame: Blame { .input }
}
