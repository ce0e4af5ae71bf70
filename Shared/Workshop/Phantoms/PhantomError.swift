package import Faults

/// Why a phantom cannot be made or written.
package typealias PhantomError = CodedFault<PhantomErrorCode>

package enum PhantomErrorCode: String, FaultCode {
    case invalidConfiguration = "invalid-configuration"
    case folderNotWritable = "folder-not-writable"
    case shapesUnreadable = "shapes-unreadable"

    package var blame: Blame {
        switch self {
        case .invalidConfiguration, .shapesUnreadable: .input
        case .folderNotWritable: .machine
        }
    }
}
