package import Foundation
package import JobEngine
package import Persistence
package import Studies

/// Studies that come as files over time, in PostgreSQL.
package final class PostgresArrivals: ArrivalStore {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    package func receive(_ instance: IncomingInstance, tenant: Tenant, maySupersede: Bool) async throws -> Reception {
        let rows = try await pool.run(
            ArrivalStatements.receive(
                .text(tenant), .text(instance.study.keyed), .text(instance.study.former),
                .text(instance.instance.keyed), .text(instance.instance.former), .text(instance.series.keyed),
                .text(instance.series.former), .text(instance.address), .integer(instance.byteCount),
                .texts(instance.risks), .boolean(maySupersede), .uuid(UUID())))
        let row = rows[0]
        return Reception(
            studyKey: try row.string("study_key"), arrival: try row.uuid("arrival"),
            revision: try row.integer("revision"), isNews: try row.boolean("is_news"))
    }

    package func endTransfer(tenant: Tenant, studyKeys: Set<String>) async throws {
        _ = try await pool.run(ArrivalStatements.endTransfer(.text(tenant), .texts(studyKeys.sorted())))
    }

    package func declareComplete(tenant: Tenant, study key: ArrivalKey, expectedCount: Int?) async throws -> String {
        let rows = try await pool.run([
            ArrivalStatements.open(.text(tenant), .text(key.keyed), .text(key.former), .uuid(UUID())),
            ArrivalStatements.declareComplete(.text(tenant), key.either, .integer(expectedCount)),
        ])
        return try rows[0][0].string("study_key")
    }

    package func reserve(_ key: ArrivalKey, tenant: Tenant, study: StudyID, expectedCount: Int?) async throws
        -> Arrival?
    {
        let rows = try await pool.run([
            ArrivalStatements.open(.text(tenant), .text(key.keyed), .text(key.former), .uuid(UUID())),
            ArrivalStatements.reserve(.text(tenant), key.either, .uuid(study), .integer(expectedCount)),
            ArrivalStatements.current(.text(tenant), key.either),
        ])
        return rows[1].isEmpty ? nil : try rows[2].first?.arrival()
    }

    package func unsettled() async throws -> [Arrival] {
        try await pool.run(ArrivalStatements.unsettled()).map { try $0.arrival() }
    }

    package func instances(of arrival: UUID) async throws -> [ArrivedInstance] {
        try Self.instances(try await pool.run(ArrivalStatements.instances(.uuid(arrival))))
    }

    package func current(_ key: ArrivalKey, tenant: Tenant) async throws -> Arrival? {
        try await pool.run(ArrivalStatements.current(.text(tenant), key.either)).first?.arrival()
    }

    package func complete(
        _ arrival: Arrival, of instances: [ArrivedInstance], signal: CompletionSignal, study: Study,
        first job: JobRequest
    ) async throws -> Bool {
        var first = job
        first.study = study.id
        let queries =
            [PostgresStudies.insertQuery(study, first: first)] + PostgresJobStore.enqueueQueries([first], failure: nil)
        return try await end(arrival, of: instances, signal: signal, study: study.id, keeper: nil, also: queries)
    }

    package func completeRetrieval(_ arrival: Arrival, of instances: [ArrivedInstance], study: StudyID) async throws
        -> Bool
    {
        try await end(arrival, of: instances, signal: .retrieved, study: study, keeper: study, also: [])
    }

    /// Whoever adds an instance shares the row's lock, so under it the instances stand still; they are compared in a
    /// statement of its own, because one that waited for the lock would still see what was there before.
    private func end(
        _ arrival: Arrival, of instances: [ArrivedInstance], signal: CompletionSignal, study: StudyID, keeper: StudyID?,
        also queries: [Query]
    ) async throws -> Bool {
        let lock = [ArrivalStatements.lock(.uuid(arrival.id))]
        return try await pool.transaction(first: lock) { transaction, rows in
            guard let row = rows[0].first else { return false }
            let state: ArrivalState = try row.value("state")
            guard [.open, .settling].contains(state), try keeper == nil || row.optionalID("study") == keeper else {
                return false
            }
            let found = try Self.instances(try await transaction.run(ArrivalStatements.instances(.uuid(arrival.id))))
            guard found == instances else { return false }
            let complete = ArrivalStatements.complete(.uuid(arrival.id), .text(signal.rawValue), .uuid(study))
            _ = try await transaction.run([complete] + queries)
            return true
        }
    }

    package func supersededJobs() async throws -> [JobID] {
        try await pool.run(ArrivalStatements.supersededJobs()).map { try $0.id("id") }
    }

    package func arrivals(tenant: Tenant?, states: Set<ArrivalState>?, limit: Int) async throws -> [Arrival] {
        let names = states.map { PostgresValue.texts($0.map(\.rawValue).sorted()) } ?? .noTexts
        return try await pool.run(ArrivalStatements.newest(.text(tenant), names, .integer(limit))).map {
            try $0.arrival()
        }
    }

    private static func instances(_ rows: PostgresRows) throws -> [ArrivedInstance] {
        try rows.map {
            ArrivedInstance(
                instanceKey: try $0.string("instance_key"), seriesKey: try $0.string("series_key"),
                address: try $0.value("address"),
                byteCount: try $0.integer("byte_count"),
                risks: try $0.string("risks").split(separator: ",").map(String.init))
        }
    }
}

extension ArrivalKey {
    /// For `ANY`: a row has one of the two.
    var either: PostgresValue { .texts([keyed, former]) }
}

extension PostgresRow {
    func arrival() throws -> Arrival {
        Arrival(
            id: try uuid("id"), tenant: try value("tenant"), studyKey: try string("study_key"),
            revision: try integer("revision"),
            state: try value("state"), instanceCount: try integer("instance_count"),
            expectedCount: try optionalInteger("expected_count"),
            isDeclaredComplete: try boolean("is_declared_complete"), openedAt: try date("opened_at"),
            lastInstanceAt: try optionalDate("last_instance_at"),
            signal: try optionalValue("signal"),
            study: try optionalID("study"))
    }
}
