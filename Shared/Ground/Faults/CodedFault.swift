/// What can go wrong in one library: the codes of its error, and whose fault each is.
package protocol FaultCode: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
    /// As ``Fault/origin``; nil where the codes say themselves what they are of.
    static var origin: String? { get }

    var blame: Blame { get }
}

extension FaultCode {
    package static var origin: String? { nil }
}

/// The error of a library that has nothing to tell but its code, a sentence and perhaps a file. One with facts of its
/// own, such as a status, is a ``Fault`` of its own.
package struct CodedFault<Code: FaultCode>: Fault {
    package let code: Code
    package let description: String
    package var path: String?

    package init(_ code: Code, _ description: String, path: String? = nil) {
        self.code = code
        self.description = description
        self.path = path
    }

    package static var origin: String? { Code.origin }
    package var blame: Blame { code.blame }
}
