package import Faults

/// Why a phantom cannot be made or written.
package struct PhantomError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case invalidConfiguration = "invalid-configuration"
        case folderNotWritable = "folder-not-writable"
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
        case .invalidConfiguration: .input
        case .folderNotWritable: .machine
        }
    }
}
