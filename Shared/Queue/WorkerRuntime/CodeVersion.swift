import FoundationEssentials
import JobEngine
import Storage

/// Which code ran: the release and the digest of the executable itself, so that two builds never share a name.
package enum CodeVersion {
    package static let release = "0.1.0"

    /// `0.1.0+<first 12 digits of the executable's SHA-256>`.
    package static let current: String = {
        guard let digest = try? ContentAddress.ofFile(at: URL(filePath: "/proc/self/exe")) else { return release }
        return "\(release)+\(digest.hex.prefix(12))"
    }()
}
