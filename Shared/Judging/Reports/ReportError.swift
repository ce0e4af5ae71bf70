package import Faults

/// Why a report cannot be made.
package struct ReportError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case gridsDiffer = "grids-differ"
        case notEncodable = "not-encodable"
        case notWritable = "not-writable"
        case nothingToReport = "nothing-to-report"
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    package var blame: Blame {
        switch code {
        case .gridsDiffer, .nothingToReport: .input
        case .notEncodable: .defect
        case .notWritable: .machine
        }
    }
}
