/// What is wrong with a volume or its file.
///
/// `description` has the fact, the value found and what was expected, and never a file name; `debugDescription` adds
/// the path.
package struct VolumeError: Error, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        case fileMissing
        case fileNotReadable
        case fileNotWritable
        case notNIfTI
        case unsupported
        case invalidHeader
        case truncated
        /// Somebody wrote to the file while it was read.
        case changedWhileRead
        case corruptCompression
        /// More bytes than the header allows: a gzip bomb or a wrong header.
        case longerThanHeaderStates
        /// The header asks for more voxels or bytes than the limits allow.
        case tooLarge
        case nonFiniteVoxels
        case labelsNotIntegers
        /// The type of voxel asked for does not hold a value exactly.
        case valuesDoNotFit
        case affineNotInvertible
        case spacingNotPositive
        case gridsDiffer
        case emptyVolume
    }

    package var code: Code
    package var message: String
    /// Only for `debugDescription`.
    package var path: String?

    package init(_ code: Code, _ message: String, path: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
    }
}

extension VolumeError: Equatable {
    package static func == (left: VolumeError, right: VolumeError) -> Bool { left.code == right.code }
}

extension VolumeError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { message }
    package var debugDescription: String { "\(code.rawValue): \(message)" + (path.map { " [\($0)]" } ?? "") }
}
