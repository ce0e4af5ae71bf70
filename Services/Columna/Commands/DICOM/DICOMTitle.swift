import ArgumentParser
import Console
import DIMSE

/// The title of an application entity, without spaces around it.
struct DICOMTitle: DescribedArgument, ExpressibleByStringLiteral, CustomStringConvertible {
    static let expectation = "a title of 1 to 16 printable ASCII characters without backslash"
    let text: String

    init?(argument: String) {
        guard let title = try? ApplicationEntity.checkedTitle(argument) else { return nil }
        text = title
    }

    init(stringLiteral text: String) { self.text = text }

    var description: String { text }
}
