import Foundation

/// What Foundation says of a file, in a sentence: its own description is a dump of domain, code and user info.
struct FoundationFailure: CustomStringConvertible {
    let description: String

    /// Nil for an error that is none of Foundation's.
    init?(_ error: any Error) {
        guard error is CocoaError || error is POSIXError || type(of: error) is NSError.Type else { return nil }
        let outer = error as NSError
        let inner = outer.userInfo[NSUnderlyingErrorKey] as? NSError ?? outer
        let path = [outer, inner].lazy.compactMap { error in
            error.userInfo[NSFilePathErrorKey] as? String ?? (error.userInfo[NSURLErrorKey] as? URL)?.path
        }.first
        let reason = Self.reason(inner) ?? Self.reason(outer) ?? "\(outer.domain) \(outer.code)"
        description = path.map { "\($0): \(reason)" } ?? reason
    }

    private static func reason(_ error: NSError) -> String? {
        if error.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(truncatingIfNeeded: error.code)))
        }
        guard error.domain == NSCocoaErrorDomain else { return nil }
        return switch CocoaError.Code(rawValue: error.code) {
        case .fileNoSuchFile, .fileReadNoSuchFile: "there is no such file or folder"
        case .fileReadNoPermission, .fileWriteNoPermission: "permission denied"
        case .fileWriteFileExists: "exists already"
        case .fileWriteOutOfSpace: "no space left on the disk"
        case .fileWriteVolumeReadOnly: "the disk is read-only"
        case .fileReadInvalidFileName, .fileWriteInvalidFileName: "no file can have this name"
        default: nil
        }
    }
}
