import ArgumentParser
import Foundation
import JobEngine
import Persistence

/// `columna deliveries …`: results that were not sent to an archive and wait for somebody.
struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "List results that are held back from archives; release or discard them.",
        discussion: """
            The id of a held result is that of the job that held it, as the list shows it.

            Examples:
              columna deliveries
              columna deliveries list --tenant radiology --all --json
              columna deliveries release 1b4e28ba-2fa1-41d2-883f-0016d3cca427
              columna deliveries discard 1b4e28ba-2fa1-41d2-883f-0016d3cca427
            """,
        subcommands: [DeliveriesListCommand.self, DeliveriesReleaseCommand.self, DeliveriesDiscardCommand.self],
        defaultSubcommand: DeliveriesListCommand.self)
}

struct DeliveriesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List results that wait, newest first, and why.",
        discussion: """
            A result waits when it needs review and its tenant's policy is `on-review: hold`, or when no promoted model version made it.

            Examples:
              columna deliveries list
              columna deliveries list --tenant radiology --all --json
            """)

    @Option(help: "Only this tenant's.")
    var tenant: String?

    @Flag(help: "Also those that somebody has decided about.")
    var all = false

    @Option(help: "At most so many.")
    var limit = 100

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let found = try await PostgresHeldDeliveries(pool: system.pool).heldDeliveries(
            tenant: tenant, waiting: !all, limit: limit)
        let now = try await system.store.now()
        output.show(["deliveries": JSONValue(found.map(Self.json))]) {
            guard !found.isEmpty else { return print(all ? "No delivery was ever held." : "No delivery waits.") }
            var table = TextTable("job", "study", "tenant", "to", "model", "held", "decision", "why")
            for one in found {
                table.add(
                    one.job.description, one.study.uuidString.lowercased(), one.tenant, one.held.destination,
                    one.held.model, Wording.age(one.heldAt, now: now),
                    one.decision.map { "\($0.rawValue) by \(one.decidedBy ?? "-")" } ?? "",
                    one.held.reasons.joined(separator: "; "))
            }
            print(table.text)
        }
    }

    private static func json(_ one: HeldDeliveryRecord) -> JSONValue {
        [
            "job": JSONValue(one.job.description), "study": JSONValue(one.study), "tenant": JSONValue(one.tenant),
            "destination": JSONValue(one.held.destination), "model": JSONValue(one.held.model),
            "cause": JSONValue(one.held.cause.rawValue),
            "reasons": JSONValue(one.held.reasons.map { JSONValue($0) }), "held_at": JSONValue(one.heldAt),
            "decision": JSONValue(one.decision?.rawValue), "decided_by": JSONValue(one.decidedBy),
            "decided_at": JSONValue(one.decidedAt),
            "release_job": JSONValue(one.releaseJob?.description),
        ]
    }
}

struct DeliveriesReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Send results that were held, with an audit row. What needs review stays marked as such.",
        discussion: """
            What no promoted model version made is released only after that version has been promoted; if it needs review and its tenant's policy holds
            such results, it then waits for that.

            Example:
              columna deliveries release 1b4e28ba-2fa1-41d2-883f-0016d3cca427
            """)

    @Argument(help: "Ids of held deliveries, see `columna deliveries list`.")
    var ids: [JobID]

    func run() async throws {
        let system = try SystemConnection()
        let deliveries = PostgresHeldDeliveries(pool: system.pool)
        // All are looked at before one is released.
        for id in ids { try await check(try await HeldLookup.waiting(id, deliveries), system) }
        for id in ids {
            guard let job = try await deliveries.releaseHeldDelivery(id, actor: system.actor) else {
                throw HeldLookup.notWaiting(id)
            }
            print("released \(id): job \(job) delivers it")
        }
    }

    private func check(_ one: HeldDeliveryRecord, _ system: SystemConnection) async throws {
        guard one.held.cause == .modelNotPromoted else { return }
        guard try await system.model(try ModelReference(one.held.model)).isPromoted else {
            throw CommandFailure(
                .failed,
                "\(one.held.model) is not promoted, so \(one.job) stays here: `columna models promote \(one.held.model)` first, if it may serve patients"
            )
        }
    }
}

struct DeliveriesDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Give held results up for good, with an audit row. The segmentations stay in storage.",
        discussion: "Example:\n  columna deliveries discard 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @Argument(help: "Ids of held deliveries, see `columna deliveries list`.")
    var ids: [JobID]

    func run() async throws {
        let system = try SystemConnection()
        let deliveries = PostgresHeldDeliveries(pool: system.pool)
        for id in ids { _ = try await HeldLookup.waiting(id, deliveries) }
        for id in ids {
            guard try await deliveries.discardHeldDelivery(id, actor: system.actor) else {
                throw HeldLookup.notWaiting(id)
            }
            print("discarded \(id)")
        }
    }
}

private enum HeldLookup {
    static func waiting(_ id: JobID, _ deliveries: PostgresHeldDeliveries) async throws -> HeldDeliveryRecord {
        guard let one = try await deliveries.heldDelivery(id) else {
            throw CommandFailure(.failed, "no delivery \(id) was held; see `columna deliveries list`")
        }
        guard let decision = one.decision else { return one }
        throw CommandFailure(.failed, "delivery \(id) was \(decision.rawValue) already, by \(one.decidedBy ?? "-")")
    }

    static func notWaiting(_ id: JobID) -> CommandFailure {
        CommandFailure(.failed, "delivery \(id) does not wait any more: somebody has decided about it meanwhile")
    }
}
