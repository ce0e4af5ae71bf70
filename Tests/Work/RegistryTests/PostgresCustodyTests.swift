import Cryptography
import Faults
import Foundation
import JobEngine
import Persistence
import Registry
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct PostgresCustodyTests {
    private static let old = "k1 " + String(repeating: "0123456789abcdef", count: 4)
    private static let new = "k2 " + String(repeating: "fedcba9876543210", count: 4)
    private static let entries = [
        CustodyEntry(kind: "patient-id", pseudonym: "P-1", original: "ZZQ 4711"),
        CustodyEntry(kind: "patient-name", pseudonym: "N-1", original: "ZZQ Müller^Jörg"),
        CustodyEntry(kind: "study-uid", pseudonym: "2.25.1", original: "1.2.3.4711"),
    ]

    @Test func originalsComeBackForTheirPseudonyms() async throws {
        try await TemporaryDatabase.with { database async throws in
            let custody = try Self.custody(database.pool)
            try await custody.record(tenant: "clinic", Self.entries)
            let found = try await custody.originals(
                tenant: "clinic", pseudonyms: ["P-1", "2.25.1", "unknown"], purpose: "delivery")
            #expect(found == [Self.entries[2], Self.entries[0]])
        }
    }

    @Test func recordingTwiceChangesNothingButCorrectedAttributes() async throws {
        try await TemporaryDatabase.with { database async throws in
            let custody = try Self.custody(database.pool)
            let attribute = CustodyEntry(kind: "other", pseudonym: "2.25.1#00080050", original: "A-1")
            try await custody.record(tenant: "clinic", Self.entries + [attribute])
            let before = try await Self.rows(database.pool)
            try await custody.record(tenant: "clinic", Self.entries + [attribute])
            #expect(try await Self.rows(database.pool) == before)
            var impostor = Self.entries[0]
            impostor.original = "another patient"
            var corrected = attribute
            corrected.original = "A-2"
            try await custody.record(tenant: "clinic", [impostor, corrected])
            let found = try await custody.originals(
                tenant: "clinic", pseudonyms: ["P-1", attribute.pseudonym], purpose: "test")
            #expect(found.map(\.original) == ["A-2", "ZZQ 4711"])
        }
    }

    @Test func tenantsNeverMix() async throws {
        try await TemporaryDatabase.with { database async throws in
            let custody = try Self.custody(database.pool)
            try await custody.record(tenant: "clinic", Self.entries)
            #expect(try await custody.originals(tenant: "other", pseudonyms: ["P-1"], purpose: "test") == [])
            #expect(try await custody.pseudonyms(tenant: "other", originals: ["ZZQ 4711"], purpose: "test") == [])
            // A row copied to another tenant does not open there.
            let copy = """
                INSERT INTO custody.identities SELECT 'other', pseudonym, kind, key_id, nonce, ciphertext, tag, digest, recorded_at
                FROM custody.identities
                """
            _ = try await database.pool.run(Statement("copy_rows", copy)())
            await #expect(throws: CryptographyError(.notGenuine, "")) {
                try await custody.originals(tenant: "other", pseudonyms: ["P-1"], purpose: "test")
            }
        }
    }

    @Test func pseudonymsAreFoundByTheirOriginals() async throws {
        try await TemporaryDatabase.with { database async throws in
            let custody = try Self.custody(database.pool)
            try await custody.record(tenant: "clinic", Self.entries)
            #expect(
                try await custody.pseudonyms(tenant: "clinic", originals: ["ZZQ 4711", "nobody"], purpose: "test") == [
                    Self.entries[0]
                ])
        }
    }

    @Test func rowsHoldNoPlaintext() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await Self.custody(database.pool).record(tenant: "clinic", Self.entries)
            let all = try await Self.rows(database.pool).joined()
            #expect(all.contains("P-1"))
            // Whole originals: four digits alone may stand in a digest by chance.
            for text in [
                "ZZQ", "1.2.3.4711", "ZZQ 4711", Hexadecimal.text(Array("ZZQ".utf8)),
                Hexadecimal.text(Array("4711".utf8)),
            ] {
                #expect(!all.contains(text), "\(text) stands in a row")
            }
        }
    }

    @Test func aNewKeySealsAndOldOnesStillOpen() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await Self.custody(database.pool, keys: Self.old).record(tenant: "clinic", [Self.entries[0]])
            let custody = try Self.custody(database.pool, keys: "# rotated\n\(Self.new)\n\(Self.old)\n")
            try await custody.record(tenant: "clinic", [Self.entries[1]])
            #expect(
                try await custody.originals(tenant: "clinic", pseudonyms: ["P-1", "N-1"], purpose: "test").count == 2)
            #expect(
                try await custody.pseudonyms(tenant: "clinic", originals: ["ZZQ 4711"], purpose: "test") == [
                    Self.entries[0]
                ])
            #expect(try await Self.rows(database.pool).count { $0.contains("k2") } == 1)
            let withoutOld = try Self.custody(database.pool, keys: Self.new)
            let error = await #expect(throws: PostgresError.self) {
                try await withoutOld.originals(tenant: "clinic", pseudonyms: ["P-1"], purpose: "test")
            }
            #expect(error?.message.contains("'k1'") == true)
        }
    }

    @Test func everyReadingIsWrittenDown() async throws {
        try await TemporaryDatabase.with { database async throws in
            let custody = try Self.custody(database.pool)
            try await custody.record(tenant: "clinic", Self.entries)
            _ = try await custody.originals(
                tenant: "clinic", pseudonyms: ["P-1", "unknown"], purpose: "delivery to PACS")
            let sql = "SELECT actor, account, tenant, purpose, asked, opened::text AS opened FROM custody.readings"
            let rows = try await database.pool.run(Statement("readings", sql)())
            #expect(rows.count == 1)
            #expect(
                try [rows[0].string("actor"), rows[0].string("tenant"), rows[0].string("purpose")] == [
                    "tester", "clinic", "delivery to PACS",
                ])
            #expect(try rows[0].integer("asked") == 2)
            #expect(try rows[0].string("opened") == "{P-1}")
            await #expect(throws: PostgresError.self) {
                try await custody.originals(tenant: "clinic", pseudonyms: ["P-1"], purpose: "")
            }
            for sql in [
                "DELETE FROM custody.readings", "UPDATE custody.readings SET purpose = 'x'",
                "TRUNCATE custody.readings",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await database.pool.run(Statement("rewrite_" + sql.prefix(4), sql)())
                }
                #expect(error?.sqlState == "CL003")
            }
        }
    }

    @Test(arguments: ["columna_analyst", "columna_recorder"])
    func nobodyButTheCustodianReads(_ role: String) async throws {
        try await TemporaryDatabase.with { database async throws in
            try await Self.custody(database.pool).record(tenant: "clinic", Self.entries)
            for sql in [
                "SELECT count(*) FROM custody.identities", "SELECT count(*) FROM custody.readings",
                "SELECT * FROM custody.open_identities('clinic', ARRAY['P-1'], ARRAY[]::text[], 'a', 'b', now())",
                "DELETE FROM custody.identities", "UPDATE custody.identities SET tenant = 'x'",
            ] {
                #expect(try await Self.state(of: sql, as: role, database.pool) == "42501", "\(role) may \(sql)")
            }
        }
    }

    @Test func theRecorderAddsAndTheCustodianReadsThroughTheFunctionOnly() async throws {
        try await TemporaryDatabase.with { database async throws in
            let hex = String(repeating: "00", count: 32)
            let record =
                "SELECT custody.record_identities('clinic', ARRAY['P-9'], ARRAY['patient-id'], 'k1', "
                + "ARRAY['\(hex.prefix(24))'], ARRAY['00'], ARRAY['\(hex.prefix(32))'], ARRAY['\(hex)'], now())"
            let open = "SELECT * FROM custody.open_identities('clinic', ARRAY['P-9'], ARRAY[]::text[], 'a', 'b', now())"
            #expect(try await Self.state(of: record, as: "columna_recorder", database.pool) == nil)
            #expect(try await Self.state(of: record, as: "columna_custodian", database.pool) == "42501")
            #expect(try await Self.state(of: record, as: "columna_analyst", database.pool) == "42501")
            #expect(try await Self.state(of: open, as: "columna_custodian", database.pool) == nil)
            #expect(
                try await Self.state(of: "SELECT * FROM custody.identities", as: "columna_custodian", database.pool)
                    == "42501")
        }
    }

    @Test(arguments: [
        "", "# nothing", "k1", "k1 abc", "k1 \(String(repeating: "g", count: 64))", "\(old)\n\(old)",
        "a/b \(String(repeating: "0", count: 64))",
    ])
    func aFileOfKeysThatIsNoneIsRefused(_ text: String) {
        let error = #expect(throws: PostgresError.self) { try CustodyKeys(text: text) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("0123") == false)
    }

    private static func custody(_ pool: PostgresPool, keys: String = old) throws -> PostgresCustody {
        PostgresCustody(pool: pool, keys: try CustodyKeys(text: keys), actor: "tester")
    }

    private static func rows(_ pool: PostgresPool) async throws -> [String] {
        try await pool.run(
            Statement(
                "all_identities", "SELECT identity::text AS line FROM custody.identities AS identity ORDER BY pseudonym"
            )()
        )
        .map { try $0.string("line") }
    }

    /// The SQLSTATE of what a role's statement fails with, nil when it does not.
    private static func state(of sql: String, as role: String, _ pool: PostgresPool) async throws -> String? {
        do {
            _ = try await pool.run([
                Statement("become_\(role)", "SET LOCAL ROLE \(role)")(), Statement("try_\(sql.hashValue)", sql)(),
            ])
            return nil
        } catch let error as PostgresError {
            return error.sqlState ?? error.code.rawValue
        }
    }
}
