/// An error of a library: what is wrong, in a code for programs and a sentence for people, and whose fault it is.
///
/// `description` is the sentence: the fact, the value, what was expected, what to do. It names no file and nothing of a
/// patient, so that it may be stored, logged and published. Two faults are equal when their codes are.
package protocol Fault: Error, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// What can go wrong, each in kebab-case.
    associatedtype Code: RawRepresentable<String>, CaseIterable, Equatable, Sendable

    /// Goes before the code where it would not say what it is of, as in `storage-missing`; nil: it says so itself.
    static var origin: String? { get }

    var code: Code { get }
    var blame: Blame { get }

    /// The code as operators list and replay by it.
    var fullCode: String { get }

    /// The file that was given, for whoever gave it; never stored or published.
    var path: String? { get }
}

extension Fault {
    package static var origin: String? { nil }
    package var fullCode: String { Self.origin.map { "\($0)-\(code.rawValue)" } ?? code.rawValue }
    package var path: String? { nil }

    /// Whether the same may succeed later without anybody changing anything.
    package var isTransient: Bool { blame == .passing }

    package var debugDescription: String { "\(code.rawValue): \(self)" + (path.map { " [\($0)]" } ?? "") }

    package static func == (one: Self, other: Self) -> Bool { one.code == other.code }
}
