import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

/// Addresses on their way into the database and out of it.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct AddressRowTests {
    private static func request(_ digit: Character) -> JobRequest {
        let input = ArtifactReference(role: "volume", address: .repeating(digit), byteCount: 7, mediaType: "x/y")
        return JobRequest(kind: Rehearsal.kind, tenant: "clinic", inputs: [input])
    }

    @Test func addressesAreStoredAsTheirText() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let request = Self.request("a")
            _ = try await store.enqueue([request])
            let rows = try await database.pool.run(
                Statement(
                    "stored_addresses",
                    """
                    SELECT artifact.address AS known, link.address AS linked
                    FROM columna.artifacts AS artifact
                    CROSS JOIN columna.job_artifacts AS link
                    """)())
            #expect(rows.count == 1)
            let text = "sha256:" + String(repeating: "a", count: 64)
            #expect(try rows[0].string("known") == text && rows[0].string("linked") == text)
            #expect(try await store.artifacts(of: request.id).map(\.reference) == request.inputs)
            #expect(
                try await PostgresStoreRegistry(pool: database.pool).newestAddresses(limit: 1).first == .repeating("a"))
        }
    }

    /// As only somebody who took the constraint away could have written it.
    @Test func aMalformedAddressIsAnErrorOfItsOwnRow() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let (sound, damaged) = (Self.request("a"), Self.request("b"))
            _ = try await store.enqueue([sound, damaged])
            try await database.runScript(
                """
                ALTER TABLE columna.artifacts DROP CONSTRAINT artifacts_address_is_sha256;
                INSERT INTO columna.artifacts (address, byte_count, media_type) VALUES ('elsewhere', 7, 'x/y');
                UPDATE columna.job_artifacts SET address = 'elsewhere' WHERE job = '\(damaged.id)';
                """)
            let error = await #expect(throws: PostgresError.self) { try await store.artifacts(of: damaged.id) }
            #expect(error?.code == .unexpectedResult && error?.message.contains("column address") == true)
            #expect(error?.description.contains("elsewhere") == false)
            #expect(try await store.artifacts(of: sound.id).map(\.reference) == sound.inputs)
            let claimed = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w", limit: 2))
            #expect(claimed.map(\.record.id) == [sound.id])
            let lookup = Lookup(pool: database.pool)
            await #expect(throws: PostgresError.self) { try await lookup.lineage(of: damaged.id) }
            #expect(try await lookup.lineage(of: sound.id).artifacts.map(\.address) == [.repeating("a")])
            await #expect(throws: PostgresError.self) {
                try await PostgresStoreRegistry(pool: database.pool).newestAddresses(limit: 9)
            }
        }
    }
}
