/// Why a phantom cannot be made or written.
package struct PhantomError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case invalidConfiguration
        case folderNotWritable
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

extension PhantomError: Equatable {
    package static func == (left: PhantomError, right: PhantomError) -> Bool { left.code == right.code }
}
