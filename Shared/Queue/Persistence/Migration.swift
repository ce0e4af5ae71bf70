/// One numbered step of the schema: `003_artifacts` with its way up and its way down.
package struct Migration: Sendable, Equatable {
    package var number: Int
    /// `artifacts` of `003_artifacts.up.sql`.
    package var name: String
    package var upSQL: String
    package var downSQL: String

    package init(number: Int, name: String, upSQL: String, downSQL: String) {
        self.number = number
        self.name = name
        self.upSQL = upSQL
        self.downSQL = downSQL
    }

    /// Tells that a file was edited after it had been applied.
    package var checksum: String { Self.checksum(of: upSQL) }

    /// FNV-1a: not a secure hash, and need not be one.
    static func checksum(of sql: String) -> String {
        let hash = sql.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    func fileName(isUp: Bool) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "_\(name).\(isUp ? "up" : "down").sql"
    }
}
