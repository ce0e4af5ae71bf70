package import Faults

/// Why a phantom cannot be made or written.
package typealias PhantomError = CodedFault<PhantomErrorCode>

package enum PhantomErrorCode: String, FaultCode {
    case invalidConfiguration = "invalid-configuration"
    case folderNotWritable = "folder-not-writable"
    case shapesUnreadable = "shapes-unreadable"
    /// The setting names no bank of bones, or none that can be read: a machine that has it can.
    case shapesMissing = "shapes-missing"

    package var blame: Blame {
        switch self {
        case .invalidConfiguration, .shapesUnreadable: .input
        case .folderNotWritable: .machine
        case .shapesMissing: .setting
        }
    }
}
