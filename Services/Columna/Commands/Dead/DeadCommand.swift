import ArgumentParser
import Foundation
import JobEngine
import Messaging

/// `columna dead …`: jobs that ended without success, messages that were refused or given up, and answers that nobody
/// takes.
struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "List, show, replay and discard dead jobs; put dead letters and parked replies back.",
        subcommands: [
            DeadListCommand.self, DeadShowCommand.self, DeadReplayCommand.self, DeadRequeueCommand.self,
            DeadDiscardCommand.self,
        ],
        defaultSubcommand: DeadListCommand.self)
}

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
    var tenant: String?

    @Option(help: "Only jobs of this stage.")
    var stage: Stage?

    @Option(help: "At most so many.")
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
        output.show(["jobs": JSONValue(jobs.map(JobPresentation.json))]) {
            guard !jobs.isEmpty else { return print("No dead jobs.") }
            var table = TextTable("job", "kind", "tenant", "died", "class", "code", "reason")
            for job in jobs {
                table.add(
                    job.id.description, job.kind.rawValue, job.tenant, Wording.age(job.finishedAt, now: now),
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
        output.show(["replies": JSONValue(replies.map(Self.json))]) {
            guard !replies.isEmpty else { return print("No queue refuses its answers.") }
            var table = TextTable("queue", "tenant", "answer", "about", "refused since", ">times", "next try")
            for reply in replies {
                table.add(
                    reply.queue, reply.tenant, reply.type, reply.subject, Wording.age(reply.refusedSince, now: now),
                    String(reply.tries),
                    reply.nextTryAt.map { Wording.time($0) } ?? "parked")
            }
            print(table.text)
        }
    }

    private static func json(_ reply: RefusedReply) -> JSONValue {
        [
            "queue": JSONValue(reply.queue), "tenant": JSONValue(reply.tenant), "type": JSONValue(reply.type),
            "subject": JSONValue(reply.subject),
            "tries": JSONValue(reply.tries), "refused_since": JSONValue(reply.refusedSince.formatted(.iso8601)),
            "next_try_at": JSONValue(reply.nextTryAt?.formatted(.iso8601)), "parked": JSONValue(reply.nextTryAt == nil),
        ]
    }

    private func showMessages(_ system: SystemConnection) async throws {
        let session = try await BrokerSession.connect(try system.broker, name: "columna dead list")
        let found = try await session.browse(Topology.standard.deadQueue, limit: limit)
        await session.close()
        output.show(["messages": JSONValue(found.map(DeadMessage.json))]) {
            guard !found.isEmpty else { return print("The dead-letter queue is empty.") }
            var table = TextTable("message", "routing key", ">bytes", "job", "reason")
            for delivery in found {
                let message = DeadMessage(delivery)
                table.add(
                    Wording.text(delivery.properties.messageID), delivery.routingKey, String(message.byteCount),
                    Wording.text(message.job),
                    Wording.text(message.reason))
            }
            print(table.text)
        }
    }
}

/// A message in the dead-letter queue: refused by ingestion (its headers say why), given up by the broker, or one that
/// no queue of the intake takes.
struct DeadMessage {
    let job: String?
    let code: String?
    let reason: String?
    let byteCount: Int

    init(_ delivery: Delivery) {
        let headers = delivery.properties.headers
        job = headers["x-columna-job"]?.text
        let stray =
            delivery.exchange == Topology.standard.intakeExchange
            ? IntakeDecoder.objection(toRoutingKeyOf: delivery) : nil
        code = headers["x-columna-code"]?.text ?? headers["x-first-death-reason"]?.text ?? stray?.code.rawValue
        let queue = headers["x-first-death-queue"]?.text
        reason =
            headers["x-columna-reason"]?.text ?? stray?.description
            ?? code.map { "the broker gave it up (\($0))" + (queue.map { " in \($0)" } ?? "") }
        byteCount = headers["x-columna-bytes"]?.integer.map { Int($0) } ?? delivery.body.count
    }

    static func json(_ delivery: Delivery) -> JSONValue {
        let message = DeadMessage(delivery)
        return [
            "message_id": JSONValue(delivery.properties.messageID), "routing_key": JSONValue(delivery.routingKey),
            "exchange": JSONValue(delivery.exchange), "byte_count": JSONValue(message.byteCount),
            "job": JSONValue(message.job),
            "code": JSONValue(message.code), "reason": JSONValue(message.reason),
        ]
    }
}

struct DeadShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a dead job: why, after how many attempts, with which input.",
        discussion: "Example:\n  columna dead show 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @Argument(help: "The job's id.")
    var id: JobID

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let detail = try await JobDetail(id, in: system)
        guard detail.job.state == .dead else {
            throw CommandFailure(
                .failed, "job \(id) is \(detail.job.state.rawValue), not dead; see `columna jobs show \(id)`")
        }
        output.show(detail.json(system)) { detail.show(system) }
        guard !output.json else { return }
        let isRefused = detail.artifacts.contains(where: \.isRejectedMessage)
        print(
            "\ntry again: columna dead replay \(id)"
                + (isRefused ? "   (publishes the message to the intake again, as it was)" : ""))
        print("give up:   columna dead discard \(id)")
    }
}

struct DeadReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Put dead jobs back, with their deduplication keys and an audit row; publish refused messages again.",
        discussion: """
            A refused message is published to the intake again as it was, and its dead job is discarded: ingestion may take it now, or refuses it anew.

            Examples:
              columna dead replay 1b4e28ba-2fa1-41d2-883f-0016d3cca427
              columna dead replay --code model-not-found
              columna dead replay --all --stage inference
            """)

    @OptionGroup var selection: DeadSelection

    func run() async throws {
        let system = try SystemConnection()
        try await selection.apply(.replay, system, "put back") {
            try await system.store.replayJob($0, actor: system.actor)
        }
    }
}

struct DeadDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "End dead jobs for good (cancelled), with an audit row. Their inputs stay in storage.",
        discussion: "Example:\n  columna dead discard 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var selection: DeadSelection

    func run() async throws {
        let system = try SystemConnection()
        try await selection.apply(.discard, system, "discarded") {
            try await system.store.discardDeadJob($0, actor: system.actor)
        }
    }
}

/// Which dead jobs are meant: named ones, or all that died of something.
struct DeadSelection: ParsableArguments {
    @Argument(help: "Ids of jobs.")
    var ids: [JobID] = []

    @Flag(help: "All dead jobs.")
    var all = false

    @Option(help: "All that died of this code.")
    var code: String?

    @Option(help: "With --all or --code: only of this stage.")
    var stage: Stage?

    func validate() throws {
        guard !ids.isEmpty || all || code != nil else {
            throw ValidationError("name jobs, or say --all or --code CODE")
        }
        guard ids.isEmpty || (!all && code == nil) else {
            throw ValidationError("name jobs or say --all or --code, not both")
        }
    }

    func apply(
        _ command: OperatorCommand, _ system: SystemConnection, _ done: String,
        _ decide: (JobID) async throws -> JobState?
    ) async throws {
        var ids = ids
        if ids.isEmpty {
            let dead = try await system.store.deadJobs(stage: stage, tenant: nil, limit: 10_000)
            ids = dead.filter { code == nil || $0.failure?.code == code }.map(\.id)
            if ids.isEmpty { return print("No dead jobs match.") }
        }
        try await JobDecision.apply(command, to: ids, system, done, decide)
    }
}
