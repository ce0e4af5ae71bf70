import Statistics

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

    /// Checksums of texts that this one took the place of, from lines `-- replaces: CHECKSUM` of the way up.
    ///
    /// A landed text is never edited, with this one exception: both texts leave the same tables behind, and what they
    /// leave differently the migrator puts right in any case (views, from their files). Tests migrate a database with
    /// the former texts and compare. The database keeps the checksum of what it applied, so that a program from before
    /// the exchange finds it as it left it.
    var replacedChecksums: [String] {
        upSQL.split(separator: "\n").compactMap { line in
            line.wholeMatch(of: /-- replaces: ([0-9a-f]+)/).map { String($0.1) }
        }
    }

    func isApplied(as recorded: String) -> Bool { recorded == checksum || replacedChecksums.contains(recorded) }

    /// Not a secure hash, and need not be one.
    static func checksum(of sql: String) -> String { String(FNV1a.hash(sql.utf8), radix: 16) }

    func fileName(isUp: Bool) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "_\(name).\(isUp ? "up" : "down").sql"
    }
}
