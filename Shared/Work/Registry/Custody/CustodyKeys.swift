import Cryptography
package import Foundation
import Persistence

/// The keys that seal originals. The first seals; all open, so a new key is put before the old ones and nothing has to
/// be sealed anew.
///
/// Its description shows nothing, so that no log does.
package struct CustodyKeys: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    struct Key: Sendable {
        let id: String
        let sealing: [UInt8]
        let digesting: [UInt8]

        /// - Parameter secret: 32 random bytes; sealing and digesting get keys of their own from it.
        init(id: String, secret: [UInt8]) throws(CryptographyError) {
            self.id = id
            sealing = try HKDFSHA256.key(from: secret, salt: Array("columna".utf8), purpose: Array("custody/seal".utf8))
            digesting = try HKDFSHA256.key(
                from: secret, salt: Array("columna".utf8), purpose: Array("custody/digest".utf8))
        }
    }

    let keys: [Key]

    /// From lines `ID KEY`: an id of letters, digits, `.`, `-` and `_`, and 64 hexadecimal digits; empty lines and
    /// those that begin with `#` say nothing.
    ///
    /// - Throws: `PostgresError` (`invalid-configuration`), which names the line and never the key.
    package init(text: String) throws {
        var keys: [Key] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = line.split(whereSeparator: \.isWhitespace)
            if fields.isEmpty || line.hasPrefix("#") { continue }
            guard fields.count == 2, fields[0].count <= 64,
                fields[0].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }),
                let secret = Hexadecimal.bytes(String(fields[1])), secret.count == 32
            else { throw Self.invalid("line \(index + 1) is not an id, a space and 64 hexadecimal digits") }
            guard !keys.contains(where: { $0.id == fields[0] }) else {
                throw Self.invalid("line \(index + 1) has the id of a line before it")
            }
            keys.append(try Key(id: String(fields[0]), secret: secret))
        }
        guard !keys.isEmpty else { throw Self.invalid("there is no key in it") }
        self.keys = keys
    }

    package init(file: URL) throws {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { throw Self.invalid("it cannot be read") }
        try self.init(text: text)
    }

    var current: Key { keys[0] }

    func key(_ id: String) -> Key? { keys.first { $0.id == id } }

    package var description: String { "CustodyKeys(\(keys.count))" }
    package var debugDescription: String { description }

    private static func invalid(_ fact: String) -> PostgresError {
        PostgresError(
            code: .invalidConfiguration,
            message: "the file of custody keys is wrong: \(fact); Scripts/create-secrets makes one")
    }
}
