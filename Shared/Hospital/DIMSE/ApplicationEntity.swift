/// A node of the DICOM network: its title and where it listens.
package struct ApplicationEntity: Sendable, Hashable {
    package let title: String
    /// A name or a numeric IPv4 address.
    package let host: String
    package let port: UInt16

    /// - Throws: `DIMSEError.invalidConfiguration`.
    package init(title: String, host: String, port: Int) throws(DIMSEError) {
        self.title = try Self.checkedTitle(title)
        let isHost =
            (1...100).contains(host.utf8.count)
            && host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
        guard isHost else {
            throw DIMSEError(
                .invalidConfiguration,
                "a DICOM host is a name or an IPv4 address of 1 to 100 characters, got \(host.utf8.count)")
        }
        guard let port = UInt16(exactly: port), port > 0 else {
            throw DIMSEError(.invalidConfiguration, "a DICOM port is 1 to 65535, got \(port)")
        }
        self.host = host
        self.port = port
    }

    /// The title without spaces around it: 1 to 16 characters of the default repertoire without backslash (PS3.5 6.2,
    /// AE).
    ///
    /// - Throws: `DIMSEError.invalidConfiguration`.
    package static func checkedTitle(_ title: String) throws(DIMSEError) -> String {
        let trimmed = String(title.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        let isTitle =
            (1...16).contains(trimmed.utf8.count)
            && trimmed.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }
        guard isTitle else {
            throw DIMSEError(
                .invalidConfiguration,
                "an application entity title has 1 to 16 printable ASCII characters without backslash, got \(trimmed.utf8.count)"
            )
        }
        return trimmed
    }
}
