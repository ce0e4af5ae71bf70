import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct PostgresArrivalsTests {
    private static let now = Date(timeIntervalSince1970: 1_750_000_000)
    private static let key = ArrivalKey(keyed: "study", former: "former study")

    private static func instance(_ number: Int, version: Int = 0) -> ArrivedInstance {
        let digits = String(format: "%060d%04d", version, number)
        return ArrivedInstance(
            instanceKey: String(format: "i%04d", number), seriesKey: "s", address: ContentAddress(hex: digits)!,
            byteCount: 100 + number,
            risks: number == 2 ? ["burned-in-annotation-likely", "face-visible-declared"] : [])
    }

    private static func incoming(_ number: Int, version: Int = 0) -> IncomingInstance {
        let stored = instance(number, version: version)
        return IncomingInstance(
            study: key, series: ArrivalKey(keyed: stored.seriesKey, former: "former series"),
            instance: ArrivalKey(keyed: stored.instanceKey, former: "former " + stored.instanceKey),
            address: stored.address, byteCount: stored.byteCount, risks: stored.risks)
    }

    private static func receive(_ numbers: some Sequence<Int>, _ arrivals: PostgresArrivals) async throws -> [Reception]
    {
        var receptions: [Reception] = []
        for number in numbers {
            receptions.append(
                try await arrivals.receive(incoming(number), tenant: "a", maySupersede: true))
        }
        return receptions
    }

    /// Makes a study of what is there, as the settler does.
    private static func complete(_ arrivals: PostgresArrivals, _ signal: CompletionSignal = .quiet) async throws
        -> Study
    {
        let arrival = try #require(try await arrivals.current(key, tenant: "a"))
        let study = Study(tenant: "a", pipeline: .segment, messageID: "arrival/\(arrival.revision)")
        let job = JobRequest(kind: IngestStudy.kind, tenant: "a", study: study.id)
        let instances = try await arrivals.instances(of: arrival.id)
        #expect(try await arrivals.complete(arrival, of: instances, signal: signal, study: study, first: job))
        return study
    }

    @Test func theFirstInstanceOpensAnArrivalAndTheSameBytesChangeNothing() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            try await database.setClock(Self.now)
            let receptions = try await Self.receive([1, 2, 1], arrivals)
            #expect(receptions.map(\.isNews) == [true, true, false])
            #expect(Set(receptions.map(\.arrival)).count == 1)
            let arrival = try #require(try await arrivals.current(Self.key, tenant: "a"))
            #expect((arrival.state, arrival.instanceCount, arrival.revision) == (.open, 2, 1))
            #expect(arrival.lastInstanceAt == Self.now)
            #expect(try await arrivals.instances(of: arrival.id) == [Self.instance(1), Self.instance(2)])
        }
    }

    @Test func otherBytesUnderTheSameInstanceReplaceTheOldOnes() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            _ = try await Self.receive([1], arrivals)
            let again = try await arrivals.receive(
                Self.incoming(1, version: 7), tenant: "a", maySupersede: true)
            #expect(again.isNews)
            #expect(try await arrivals.instances(of: again.arrival) == [Self.instance(1, version: 7)])
        }
    }

    @Test func aHangUpSettlesAndTheNextInstanceOpensAgain() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            _ = try await Self.receive([1], arrivals)
            try await arrivals.endTransfer(tenant: "a", studyKeys: [Self.key.keyed, "another"])
            #expect(try await arrivals.unsettled().map(\.state) == [.settling])
            _ = try await Self.receive([2], arrivals)
            #expect(try await arrivals.unsettled().map(\.state) == [.open])
        }
    }

    @Test func aLateInstanceMakesARevisionAndTheOldOnesJobsAreToBeCancelled() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            _ = try await Self.receive(1...3, arrivals)
            let study = try await Self.complete(arrivals)
            #expect(try await arrivals.unsettled().isEmpty)
            #expect(try await arrivals.supersededJobs().isEmpty)
            // The same bytes once more are no news even now.
            #expect(try await Self.receive([2], arrivals).map(\.isNews) == [false])
            #expect(try await Self.receive([4], arrivals).map(\.revision) == [2])
            let next = try #require(try await arrivals.current(Self.key, tenant: "a"))
            #expect((next.state, next.revision, next.instanceCount, next.study) == (.open, 2, 4, nil))
            let jobs = try await arrivals.supersededJobs()
            #expect(try await store.jobs(JobFilter(study: study.id)).map(\.id) == jobs)
            for job in jobs { #expect(try await store.cancelJob(job, actor: "test") == .cancelled) }
            #expect(try await arrivals.supersededJobs().isEmpty)
            _ = try await Self.complete(arrivals)
            let all = try await arrivals.arrivals(tenant: "a", states: nil, limit: 10)
            #expect(Set(all.map(\.state)) == [.complete, .superseded])
        }
    }

    @Test func aLateReportIsKeptAndMakesNoRevision() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            _ = try await Self.receive(1...3, arrivals)
            _ = try await Self.complete(arrivals)
            let report = try await arrivals.receive(Self.incoming(4), tenant: "a", maySupersede: false)
            #expect((report.isNews, report.revision) == (true, 1))
            #expect(try await arrivals.current(Self.key, tenant: "a")?.state == .complete)
            #expect(try await arrivals.supersededJobs().isEmpty)
        }
    }

    @Test func anInstanceThatComesInBetweenIsNotLeftOut() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            _ = try await Self.receive(1...2, arrivals)
            let arrival = try #require(try await arrivals.current(Self.key, tenant: "a"))
            let seen = try await arrivals.instances(of: arrival.id)
            _ = try await Self.receive([3], arrivals)
            let study = Study(tenant: "a", pipeline: .segment, messageID: "m")
            let job = JobRequest(kind: IngestStudy.kind, tenant: "a", study: study.id)
            #expect(try await !arrivals.complete(arrival, of: seen, signal: .quiet, study: study, first: job))
            #expect(try await PostgresJobStore(pool: database.pool, bookkeeping: .studies).jobs(JobFilter()).isEmpty)
            #expect(try await arrivals.current(Self.key, tenant: "a")?.state == .open)
        }
    }

    @Test func manySendersOfOneStudyLoseNothing() async throws {
        try await TemporaryDatabase.with(connections: 8) { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            let receptions = try await withThrowingTaskGroup(of: [Reception].self) { group in
                for sender in 0..<8 {
                    // Each instance is sent by two of them, and one of them hangs up again and again.
                    group.addTask {
                        let mine = try await Self.receive((0..<50).map { $0 * 4 + sender % 4 }, arrivals)
                        try await arrivals.endTransfer(tenant: "a", studyKeys: [Self.key.keyed])
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(receptions.count { $0.isNews } == 200)
            #expect(Set(receptions.map(\.arrival)).count == 1)
            #expect(try await arrivals.current(Self.key, tenant: "a")?.instanceCount == 200)
        }
    }

    @Test func lateInstancesFromManySendersMakeOneRevision() async throws {
        try await TemporaryDatabase.with(connections: 8) { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            _ = try await Self.receive([0], arrivals)
            _ = try await Self.complete(arrivals)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 1...8 { group.addTask { _ = try await Self.receive([sender], arrivals) } }
                try await group.waitForAll()
            }
            let current = try #require(try await arrivals.current(Self.key, tenant: "a"))
            #expect((current.revision, current.instanceCount) == (2, 9))
        }
    }

    @Test func aDeclaredEndIsKeptEvenBeforeTheFirstInstance() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            #expect(
                try await arrivals.declareComplete(tenant: "a", study: Self.key, expectedCount: 2) == Self.key.keyed)
            _ = try await Self.receive([1], arrivals)
            let one = try #require(try await arrivals.unsettled().first)
            #expect(one.completion(at: Self.now, SettlingPolicy()) == nil)
            _ = try await Self.receive([2], arrivals)
            let two = try #require(try await arrivals.unsettled().first)
            #expect(two.completion(at: Self.now, SettlingPolicy()) == .count)
        }
    }

    /// Whatever the clocks of the hosts that receive it and settle it say.
    @Test func quietTimeIsTheDatabases() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let policy = SettlingPolicy(quietInSeconds: 60)
            try await database.setClock(Self.now)
            _ = try await Self.receive([1], arrivals)
            for (seconds, signal) in [(59.0, CompletionSignal?.none), (60, .quiet)] {
                try await database.setClock(Self.now.addingTimeInterval(seconds))
                let arrival = try #require(try await arrivals.unsettled().first)
                #expect(arrival.completion(at: try await store.now(), policy) == signal)
            }
        }
    }

    @Test func aRetrievalKeepsItsArrivalWhileItLives() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let study = Study(tenant: "a", pipeline: .segment, messageID: "m")
            let job = JobRequest(kind: Rehearsal.kind, tenant: "a")
            _ = try await PostgresStudies(pool: database.pool).submit(study, first: job)
            let kept = try #require(
                try await arrivals.reserve(Self.key, tenant: "a", study: study.id, expectedCount: nil))
            #expect(
                try await arrivals.reserve(Self.key, tenant: "a", study: StudyID(), expectedCount: nil) == nil
            )
            _ = try await Self.receive([1], arrivals)
            #expect(try await arrivals.unsettled().isEmpty)
            _ = try await store.cancelJob(job.id, actor: "test")
            // What a retrieval left that did not succeed is no whole study …
            #expect(try await arrivals.unsettled().isEmpty)
            // … until somebody sends more of it.
            _ = try await Self.receive([2], arrivals)
            #expect(try await arrivals.unsettled().map(\.id) == [kept.id])
        }
    }

    @Test func aRetrievalEndsWhatItKept() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            let study = Study(tenant: "a", pipeline: .segment, messageID: "m")
            _ = try await PostgresStudies(pool: database.pool).submit(
                study, first: JobRequest(kind: Rehearsal.kind, tenant: "a"))
            let kept = try #require(
                try await arrivals.reserve(Self.key, tenant: "a", study: study.id, expectedCount: nil))
            _ = try await Self.receive([1, 2], arrivals)
            let instances = try await arrivals.instances(of: kept.id)
            #expect(try await !arrivals.completeRetrieval(kept, of: instances, study: StudyID()))
            #expect(try await arrivals.completeRetrieval(kept, of: instances, study: study.id))
            let ended = try #require(try await arrivals.current(Self.key, tenant: "a"))
            #expect((ended.state, ended.signal, ended.study) == (.complete, .retrieved, study.id))
        }
    }

    @Test func aDeliveryBegunTwiceIsKnownUntilItIsStored() async throws {
        try await TemporaryDatabase.with { database async throws in
            let arrivals = PostgresArrivals(pool: database.pool)
            let ledger = PostgresDeliveries(pool: database.pool)
            _ = try await Self.receive([1], arrivals)
            let study = try await Self.complete(arrivals)
            let delivery = ResultDelivery(
                destination: "pacs", object: ArrivalKey(keyed: "k", former: "f"), tenant: "a", study: study.id,
                address: Self.instance(9, version: 3).address, byteCount: 7)
            #expect(try await ledger.begin(delivery) == .new)
            #expect(try await ledger.begin(delivery) == .begun)
            try await ledger.markStored(delivery)
            #expect(try await ledger.begin(delivery) == .stored)
            var elsewhere = delivery
            elsewhere.destination = "web"
            #expect(try await ledger.begin(elsewhere) == .new)
        }
    }
}
