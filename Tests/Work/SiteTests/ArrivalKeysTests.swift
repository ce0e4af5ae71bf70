import Cryptography
import DeIdentification
import Faults
import Foundation
import JobEngine
import Persistence
import Registry
import Site
import Studies
import TestSupport
import Testing

/// One pseudonym for a study, while programs that know another one are still there.
struct ArrivalKeysTests {
    static let study = "1.2.840.113619.2.55.3.4711"
    static let keys = try? ArrivalKeys(SiteSecret(Array("a secret of thirty-two bytes, or more".utf8)))

    static func key(_ uid: String, _ tenant: Tenant = "a") throws -> ArrivalKey {
        try #require(keys).key(uid, tenant: tenant)
    }

    @Test func itIsTheIdentifierThatDeIdentifiedObjectsCarry() throws {
        let secret = try SiteSecret(Array("a secret of thirty-two bytes, or more".utf8))
        let object = DeIdentifier(policy: DeIdentificationPolicy(profile: .basic), key: try secret.key(of: "a"))
        #expect(try Self.key(Self.study).keyed == object.pseudonym(of: Self.study))
        // Even one that claims to be the standard's own, which objects keep.
        #expect(try Self.key("1.2.840.10008.4711").keyed.hasPrefix("2.25."))
    }

    @Test func tenantsHaveNothingInCommonForOneIdentifier() throws {
        let (one, other) = (try Self.key(Self.study, "a"), try Self.key(Self.study, "b"))
        #expect(one.keyed != other.keyed && one.former != other.former)
    }

    @Test func anotherSecretGivesAnotherNameAndTheSameFormerOne() throws {
        let other = try ArrivalKeys(SiteSecret(Array("another secret of thirty-two bytes".utf8))).key(
            Self.study, tenant: "a")
        #expect(try Self.key(Self.study).keyed != other.keyed && Self.key(Self.study).former == other.former)
    }

    /// As programs of before make it.
    @Test func theFormerKeyIsTheUnkeyedHash() throws {
        let digest = try SHA256.digest(of: Array("a\0\(Self.study)".utf8))
        #expect(try Self.key(Self.study).former == Hexadecimal.text(digest.prefix(16)))
    }

    @Test func withoutASecretThereIsNoKey() throws {
        let error = #expect(throws: SiteError.self) { try ArrivalKeys(nil).key(Self.study, tenant: "a") }
        #expect(error?.description.contains("secret-file is missing, expected a file") == true)
        #expect(error?.description.contains(Self.study) == false)
    }
}

/// The same on a database that a program of before has worked on, or works on beside this one.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct ArrivalUpgradeTests {
    /// A database, and what the programs of before and of now do with it.
    private struct Upgrade {
        let database: TemporaryDatabase
        var arrivals: PostgresArrivals { PostgresArrivals(pool: database.pool) }
        var ledger: PostgresDeliveries { PostgresDeliveries(pool: database.pool) }

        static func with(_ body: (Upgrade) async throws -> Void) async throws {
            try await TemporaryDatabase.with { try await body(Upgrade(database: $0)) }
        }

        private static func uid(_ number: Int) -> String { "\(ArrivalKeysTests.study).\(number)" }

        private static func address(_ number: Int) throws -> ContentAddress {
            try #require(ContentAddress(hex: String(format: "%064d", number)))
        }

        func key(_ number: Int) throws -> ArrivalKey { try ArrivalKeysTests.key(Self.uid(number)) }

        func worker(schema version: Int?, _ state: Worker.State = .running) async throws {
            var settings = database.settings
            settings.schema = version.map { SchemaCheck(version: $0) { _ in } }
            let pool = PostgresPool(settings: settings, size: 1)
            let worker = Worker(
                id: "ingestion-\(version.map(String.init) ?? "old")", stage: .ingestion, host: "h", processID: 1,
                version: "v", slots: 1, busySlots: 0, state: state)
            try await PostgresJobStore(pool: pool, bookkeeping: .studies).recordHeartbeat(worker)
            await pool.close()
        }

        /// The statement of a program of before.
        func receiveFormerly(_ number: Int, of study: Int = 0) async throws {
            _ = try await database.pool.run(
                Statement(
                    "former_receive",
                    """
                    SELECT arrival, revision, is_news
                    FROM columna.receive_instance($1, $2, $3, $4, $5, $6, $7, $8, columna.now(), $9)
                    """)(
                        .text("a"), .text(key(study).former), .text(key(number).former), .text(key(99).former),
                        .text(Self.address(number)), .integer(7), .texts([String]()), .boolean(true), .uuid(UUID())))
        }

        @discardableResult
        func receive(_ number: Int, of study: Int = 0) async throws -> Reception {
            let instance = IncomingInstance(
                study: try key(study), series: try key(99), instance: try key(number),
                address: try Self.address(number),
                byteCount: 7)
            return try await arrivals.receive(instance, tenant: "a", maySupersede: true)
        }

        func complete(_ study: Int = 0) async throws -> Study {
            let arrival = try #require(try await arrivals.current(key(study), tenant: "a"))
            let made = Study(
                tenant: "a", pipeline: .segment, messageID: "arrival/\(arrival.studyKey)/\(arrival.revision)")
            let job = JobRequest(kind: IngestStudy.kind, tenant: "a", study: made.id)
            let instances = try await arrivals.instances(of: arrival.id)
            #expect(try await arrivals.complete(arrival, of: instances, signal: .quiet, study: made, first: job))
            return made
        }

        func all() async throws -> [Arrival] { try await arrivals.arrivals(tenant: "a", states: nil, limit: 100) }

        /// Every row of every table as text.
        func everything() async throws -> String {
            let tables = try await database.pool.run(
                Statement(
                    "every_table",
                    "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'columna' ORDER BY 1")())
            var text = ""
            for table in tables {
                let name = try table.string("name")
                let rows = try await database.pool.run(
                    Statement("all_of_\(name)", "SELECT row::text AS line FROM columna.\(name) AS row")())
                text += try rows.map { try $0.string("line") + "\n" }.joined()
            }
            return text
        }

        func delivery(_ number: Int, of study: Study) throws -> ResultDelivery {
            ResultDelivery(
                destination: "pacs", object: try key(number), tenant: "a", study: study.id,
                address: try Self.address(number), byteCount: 7)
        }

        /// The statement of a program of before; whether it was new.
        func beginFormerly(_ delivery: ResultDelivery) async throws -> Bool {
            let rows = try await database.pool.run(
                Statement(
                    "former_begin",
                    """
                    INSERT INTO columna.deliveries (destination, object_key, tenant, study, address, begun_at)
                    VALUES ($1, $2, $3, $4, $5, columna.now())
                    ON CONFLICT DO NOTHING
                    RETURNING destination
                    """)(
                        .text(delivery.destination), .text(delivery.object.former), .text(delivery.tenant),
                        .uuid(delivery.study), .text(delivery.address)))
            return !rows.isEmpty
        }
    }

    private static func isRefused(_ error: (any Error)?) -> Bool {
        guard let error = error as? PostgresError else { return false }
        return error.sqlState == "55000" && error.blame == .passing && !error.isRequestsFault
            && !error.concernsEveryone
    }

    @Test func aStudyBegunUnderItsFormerKeyIsFinishedAsOne() async throws {
        try await Upgrade.with { upgrade in
            try await upgrade.receiveFormerly(1)
            try await upgrade.receiveFormerly(2)
            // The same slice again, from the other program, is no news; the next one is.
            #expect(try await !upgrade.receive(2).isNews)
            let reception = try await upgrade.receive(3)
            #expect(try reception.isNews && reception.studyKey == upgrade.key(0).former && reception.revision == 1)
            try await upgrade.arrivals.endTransfer(tenant: "a", studyKeys: [reception.studyKey])
            #expect(try await upgrade.all().map(\.state) == [.settling])
            _ = try await upgrade.arrivals.declareComplete(tenant: "a", study: upgrade.key(0), expectedCount: 3)
            let arrival = try #require(try await upgrade.arrivals.unsettled().first)
            #expect((arrival.instanceCount, arrival.expectedCount, arrival.isDeclaredComplete) == (3, 3, true))
            _ = try await upgrade.complete()
            // What comes late goes on from there, for either program.
            #expect(try await upgrade.receive(4).revision == 2)
            try await upgrade.receiveFormerly(5)
            let all = try await upgrade.all()
            #expect(try all.count == 2 && all.allSatisfy { try $0.studyKey == upgrade.key(0).former })
            #expect(try await upgrade.arrivals.current(upgrade.key(0), tenant: "a")?.instanceCount == 5)
        }
    }

    @Test func aRetrievalGoesOnWithWhatAnOlderProgramReserved() async throws {
        try await Upgrade.with { upgrade in
            try await upgrade.receiveFormerly(1)
            let study = StudyID()
            let kept = try await upgrade.arrivals.reserve(
                upgrade.key(0), tenant: "a", study: study, expectedCount: nil)
            let arrival = try #require(kept)
            let instances = try await upgrade.arrivals.instances(of: arrival.id)
            #expect(try await upgrade.arrivals.completeRetrieval(arrival, of: instances, study: study))
            #expect(try await upgrade.all().map(\.state) == [.complete])
        }
    }

    @Test func aNewStudyLeavesNoUnkeyedHash() async throws {
        try await Upgrade.with { upgrade in
            for number in 1...3 { try await upgrade.receive(number) }
            let study = try await upgrade.complete()
            try await upgrade.receive(4)
            _ = try await upgrade.complete()
            let delivery = try upgrade.delivery(5, of: study)
            #expect(try await upgrade.ledger.begin(delivery) == .new)
            try await upgrade.ledger.markStored(delivery)
            #expect(try await upgrade.ledger.begin(delivery) == .stored)
            _ = try await upgrade.arrivals.declareComplete(tenant: "a", study: upgrade.key(6), expectedCount: nil)
            let text = try await upgrade.everything()
            for number in Array(0...6) + [99] {
                let key = try upgrade.key(number)
                #expect(!text.contains(key.former), "\(number)")
                #expect(text.contains(key.keyed), "\(number)")
            }
            #expect(!text.contains(ArrivalKeysTests.study))
        }
    }

    @Test func newStudiesHaveFormerKeysWhileAnOlderWorkerIsThere() async throws {
        try await Upgrade.with { upgrade in
            try await upgrade.worker(schema: nil)
            try await upgrade.worker(schema: 21)
            // Begun by one program, gone on with by the other, both ways.
            #expect(try await upgrade.receive(1).studyKey == upgrade.key(0).former)
            try await upgrade.receiveFormerly(2)
            try await upgrade.receiveFormerly(3, of: 50)
            try await upgrade.receive(4, of: 50)
            #expect(try await upgrade.all().map(\.instanceCount) == [2, 2])
            let study = try await upgrade.complete()
            let delivery = try upgrade.delivery(5, of: study)
            #expect(try await upgrade.ledger.begin(delivery) == .new)
            #expect(try await !upgrade.beginFormerly(delivery))
            #expect(try await upgrade.ledger.begin(delivery) == .begun)

            try await upgrade.worker(schema: nil, .stopped)
            #expect(try await upgrade.receive(6, of: 60).studyKey == upgrade.key(60).keyed)
            #expect(try await upgrade.receive(7).studyKey == upgrade.key(0).former)
            try await upgrade.ledger.markStored(delivery)
            #expect(try await upgrade.ledger.begin(delivery) == .stored)
        }
    }

    @Test func anOlderWorkerThatDiedIsNotWaitedForForEver() async throws {
        try await Upgrade.with { upgrade in
            let start = Date(timeIntervalSince1970: 1_750_000_000)
            try await upgrade.database.setClock(start)
            try await upgrade.worker(schema: nil)
            try await upgrade.database.setClock(start.addingTimeInterval(599))
            #expect(try await upgrade.receive(1, of: 1).studyKey == upgrade.key(1).former)
            try await upgrade.database.setClock(start.addingTimeInterval(601))
            #expect(try await upgrade.receive(2, of: 2).studyKey == upgrade.key(2).keyed)
        }
    }

    /// It looks for the former key, finds nothing, and would begin the study a second time.
    @Test func anOlderWorkerThatTurnsUpAgainSplitsNoStudyAndSendsNothingTwice() async throws {
        try await Upgrade.with { upgrade in
            try await upgrade.receiveFormerly(1, of: 50)
            try await upgrade.receive(2)
            let study = try await upgrade.complete()
            let (sent, begun) = (try upgrade.delivery(3, of: study), try upgrade.delivery(4, of: study))
            #expect(try await upgrade.ledger.begin(sent) == .new)
            for body in [
                { _ = try await upgrade.receiveFormerly(5) },
                { _ = try await upgrade.receiveFormerly(6, of: 70) },
                { _ = try await upgrade.beginFormerly(sent) },
                { _ = try await upgrade.beginFormerly(begun) },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: PostgresError.self) { try await body() }
                #expect(Self.isRefused(error), "\(String(describing: error))")
            }
            // What it had begun, it goes on with.
            try await upgrade.receiveFormerly(7, of: 50)
            #expect(Set(try await upgrade.all().map(\.instanceCount)) == [1, 2])
        }
    }

    @Test func manySendersAtTheMomentOfTheChangeMakeOneArrivalOfEachStudy() async throws {
        try await TemporaryDatabase.with(connections: 8) { database async throws in
            let upgrade = Upgrade(database: database)
            try await upgrade.worker(schema: nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<8 {
                    group.addTask {
                        for study in 100..<130 {
                            if sender == 0, study == 115 { try await upgrade.worker(schema: nil, .stopped) }
                            try await upgrade.receive(1000 * study + sender, of: study)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let all = try await upgrade.all()
            #expect(all.count == 30 && all.allSatisfy { $0.instanceCount == 8 && $0.revision == 1 })
            #expect(try await upgrade.receive(1, of: 1).studyKey == upgrade.key(1).keyed)
        }
    }

    @Test func theWayBackKeepsWhatIsThere() async throws {
        try await Upgrade.with { upgrade in
            try await upgrade.receiveFormerly(1)
            try await upgrade.receive(2, of: 50)
            let migrator = try upgrade.database.migrator()
            _ = try await migrator.down(to: 20)
            try await upgrade.receiveFormerly(3)
            try await upgrade.receiveFormerly(4, of: 60)
            _ = try await migrator.up()
            await migrator.close()
            try await upgrade.receive(5)
            try await upgrade.receive(6, of: 50)
            try await upgrade.receive(7, of: 60)
            #expect(try await upgrade.all().map(\.instanceCount).sorted() == [2, 2, 3])
        }
    }
}
