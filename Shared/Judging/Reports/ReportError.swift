/// Why a report cannot be made.
package struct ReportError: Error, Sendable {
    package enum Code: String, Sendable {
        case gridsDiffer
        case notEncodable
        case notWritable
        case nothingToReport
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension ReportError: Equatable {
    package static func == (left: ReportError, right: ReportError) -> Bool { left.code == right.code }
}

extension ReportError: CustomStringConvertible {
    package var description: String { message }
}
