import Foundation
package import JobEngine

extension PostgresJobStore {
    package func enqueue(_ requests: [JobRequest]) async throws -> [EnqueueResult] {
        try await insert(requests, failure: nil)
    }

    package func enqueue(_ requests: [JobRequest], unlessOpen kind: JobKind, of tenant: Tenant) async throws -> Int {
        let order = (PostgresValue.text(kind.rawValue), PostgresValue.text(tenant))
        // Two statements: the second must see what was written while the first waited.
        let first = [
            JobStatements.serialiseOrders(order.0, order.1), JobStatements.countOpenJobs(order.0, order.1),
        ]
        do {
            return try await pool.transaction(first: first) { transaction, rows in
                let open = try rows[1][0].integer("open")
                if open == 0 { _ = try await transaction.run(Self.enqueueQueries(requests, failure: nil)) }
                return open
            }
        } catch let error as PostgresError {
            throw error.asJobStoreError
        }
    }

    package func enqueueDead(_ request: JobRequest, failure: JobFailure) async throws -> EnqueueResult {
        try await insert([request], failure: failure)[0]
    }

    package func send(_ event: JobEvent) async throws { _ = try await pool.run(Self.sendQuery(event)) }

    package static func sendQuery(_ event: JobEvent) -> Query {
        UpkeepStatements.insertMessage(
            .text(event.exchange), .text(event.routingKey), .text(event.correlationID), .text(event.type),
            .text(event.subject), .text(event.data))
    }

    private func insert(_ requests: [JobRequest], failure: JobFailure?) async throws -> [EnqueueResult] {
        guard !requests.isEmpty else { return [] }
        let rows: [PostgresRows]
        do {
            rows = try await pool.run(Self.enqueueQueries(requests, failure: failure))
        } catch let error as PostgresError {
            throw error.asJobStoreError
        }
        let inserted = Set(try rows[rows.count - 1].map { try $0.id("id", JobID.self) })
        guard inserted.count < requests.count else { return requests.map { .inserted($0.id) } }
        return try await results(of: requests, inserted: inserted)
    }

    private func results(of requests: [JobRequest], inserted: Set<JobID>) async throws -> [EnqueueResult] {
        // The same id twice in one batch: the second is a duplicate of the first.
        var unclaimed = inserted
        let isInserted = requests.map { unclaimed.remove($0.id) != nil }
        var found = try await duplicates(of: zip(requests, isInserted).filter { !$0.1 }.map(\.0)).makeIterator()
        return zip(requests, isInserted).map { request, isInserted in
            isInserted ? .inserted(request.id) : .duplicate(of: found.next() ?? request.id)
        }
    }

    /// The jobs that requests are which were not inserted, in order.
    package func duplicates(of requests: [JobRequest]) async throws -> [JobID] {
        let rows = try await pool.run(
            JobStatements.findDuplicates(
                .uuids(requests.map(\.id.uuid)), .texts(requests.map(\.tenant)), .texts(requests.map(\.kind.rawValue)),
                .texts(requests.map(\.deduplicationKey))))
        return try rows.map { try $0.id("id") }
    }

    /// Inserts requests within a transaction; the last query returns the ids that were inserted.
    package static func enqueueQueries(_ requests: [JobRequest], failure: JobFailure?) -> [Query] {
        let edges = requests.flatMap { request in request.parents.map { (child: request.id, parent: $0) } }
        let inputs = requests.flatMap { request in request.inputs.map { (job: request.id, input: $0) } }
        let enqueue = JobStatements.enqueueJobs(
            .uuids(requests.map(\.id.uuid)), .texts(requests.map(\.kind.rawValue)),
            .texts(requests.map(\.kind.stage.rawValue)), .texts(requests.map(\.tenant)),
            .texts(requests.map(\.priority.rawValue)),
            .texts(requests.map(\.deduplicationKey)), .texts(requests.map(\.parameters)), .uuids(requests.map(\.study)),
            .timestamps(requests.map(\.runAt)), .uuids(edges.map(\.child.uuid)), .uuids(edges.map(\.parent.uuid)),
            .uuids(inputs.map(\.job.uuid)), .texts(inputs.map(\.input.role)), .texts(inputs.map(\.input.address)),
            .integers(inputs.map { Int64($0.input.byteCount) }), .texts(inputs.map(\.input.mediaType)),
            .text(failure?.class.rawValue), .text(failure?.code), .text(failure?.reason))
        return edges.isEmpty ? [enqueue] : [JobStatements.lockParents(.uuids(edges.map(\.parent.uuid))), enqueue]
    }
}
