import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Messaging
import Operations

struct DeadListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List dead jobs with their reasons, the last to die first.",
        discussion: """
            Examples:
              columna dead list
              columna dead list --messages
              columna dead list --replies
            """)

    @Option(help: "Only jobs, or answers, of this tenant.")
    var tenant: Tenant?

    @Option(help: "Only jobs of this stage.")
    var stage: Stage?

    @Option(help: "At most so many.", in: .listed)
    var limit = 100

    @Flag(help: "Show the messages in the dead-letter queue instead.")
    var messages = false

    @Flag(
        help:
            "Show the answers that their queues refused instead; parked ones wait for `columna dead requeue --replies`."
    )
    var replies = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !messages || !replies else { throw ValidationError("say --messages or --replies, not both") }
    }

    func run() async throws {
        let system = try SystemConnection()
        guard !messages else { return try await showMessages(system) }
        guard !replies else { return try await showReplies(system) }
        let jobs = try await system.store.deadJobs(stage: stage, tenant: tenant, limit: limit)
        let now = try await system.store.now()
        output.show(["jobs": JSONValue(jobs.map(\.document))]) {
            guard !jobs.isEmpty else { return print("No dead jobs.") }
            var table = TextTable("job", "kind", "tenant", "died", "class", "code", "reason")
            for job in jobs {
                table.add(
                    job.id.description, job.kind.rawValue, job.tenant.rawValue, Wording.age(job.finishedAt, now: now),
                    job.failure?.class.rawValue ?? "-",
                    job.failure?.code ?? "-", job.failure?.reason ?? "-")
            }
            print(table.text)
        }
        guard !output.json else { return }
        let parked = try await system.store.parkedReplies(tenant: tenant)
        if parked > 0 {
            print(
                "\n\(Wording.count(parked, "answer")) parked, which their queues did not take: columna dead list --replies"
            )
        }
    }

    private func showReplies(_ system: SystemConnection) async throws {
        let replies = try await system.store.refusedReplies(tenant: tenant, limit: limit)
        let now = try await system.store.now()
        output.show(["replies": JSONValue(replies.map(\.document))]) {
            guard !replies.isEmpty else { return print("No queue refuses its answers.") }
            var table = TextTable("queue", "tenant", "answer", "about", "refused since", ">times", "next try")
            for reply in replies {
                table.add(
                    reply.queue, reply.tenant.rawValue, reply.type, reply.subject,
                    Wording.age(reply.refusedSince, now: now),
                    String(reply.tries),
                    reply.nextTryAt.map { Wording.time($0) } ?? "parked")
            }
            print(table.text)
        }
    }

    private func showMessages(_ system: SystemConnection) async throws {
        let found = try await system.deadLetters(limit: limit)
        output.show(["messages": JSONValue(found.map(\.document))]) {
            guard !found.isEmpty else { return print("The dead-letter queue is empty.") }
            var table = TextTable("message", "routing key", ">bytes", "job", "reason")
            for message in found {
                table.add(
                    Wording.text(message.messageID), message.routingKey, String(message.byteCount),
                    Wording.text(message.job),
                    Wording.text(message.reason))
            }
            print(table.text)
        }
    }
}
