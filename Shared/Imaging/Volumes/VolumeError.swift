package import Faults

/// What is wrong with a volume or its file.
///
/// `description` has the fact, the value found and what was expected, and never a file name; `debugDescription` adds
/// the path.
package typealias VolumeError = CodedFault<VolumeErrorCode>

package enum VolumeErrorCode: String, FaultCode {
    case fileMissing = "file-missing"
    case fileNotReadable = "file-not-readable"
    case fileNotWritable = "file-not-writable"
    /// The disk or the file server failed at a file that is there.
    case readFailed = "read-failed"
    case notNIfTI = "not-nifti"
    case unsupported
    case invalidHeader = "invalid-header"
    case truncated
    /// Somebody wrote to the file while it was read.
    case changedWhileRead = "changed-while-read"
    case corruptCompression = "corrupt-compression"
    /// More bytes than the header allows: a gzip bomb or a wrong header.
    case longerThanHeaderStates = "longer-than-header-states"
    /// The header asks for more voxels or bytes than the limits allow.
    case tooLarge = "too-large"
    case nonFiniteVoxels = "non-finite-voxels"
    case labelsNotIntegers = "labels-not-integers"
    /// The type of voxel asked for does not hold a value exactly.
    case valuesDoNotFit = "values-do-not-fit"
    case affineNotInvertible = "affine-not-invertible"
    case spacingNotPositive = "spacing-not-positive"
    case gridsDiffer = "grids-differ"
    case emptyVolume = "empty-volume"

    package var blame: Blame {
        switch self {
        case .fileMissing, .fileNotReadable: .file
        case .fileNotWritable: .machine
        case .readFailed: .passing
        default: .input
        }
    }
}
