package import Cryptography
import JobEngine

extension Sequence<DataSetCase> {
    /// Names these cases and their bytes: SHA-256 in hex over name, image's and label's address of each, a line a case
    /// in the order of their names. Equal digests are equal cases, whatever splits they are in.
    ///
    /// A data set may change while it is learned from; an order keeps its cases, and this names them.
    package func digest() throws(CryptographyError) -> String {
        let lines = sorted { $0.name < $1.name }.map { "\($0.name) \($0.image.address) \($0.label.address)\n" }
        return Hexadecimal.text(try SHA256.digest(of: Array(lines.joined().utf8)))
    }
}
