package import Faults

/// Why a model cannot be brought in from, or given to, another program. Equal by code; names no path.
package struct ModelExchangeError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        /// Nothing that can be imported.
        case unknownFormat = "unknown-format"
        /// The file leaves something open that whoever imports it must say.
        case undecided
        /// The model asks for something Columna does not do, or the other program has no word for something in its
        /// plan.
        case unsupported
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package var blame: Blame { .input }
}
