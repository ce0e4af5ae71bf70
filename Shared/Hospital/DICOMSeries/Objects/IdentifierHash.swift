/// Names for unique identifiers that may stand in logs and file names.
package enum IdentifierHash {
    /// 64-bit FNV-1a as 16 hexadecimal digits: the same on every machine and in every version.
    package static func hash(_ identifier: String) -> String {
        let value = identifier.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
