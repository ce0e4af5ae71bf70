import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Messaging
import Operations

struct DeadRequeueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "requeue",
        abstract: "Put messages of the dead-letter queue back to where they came from, or offer parked answers again.",
        discussion: """
            What the broker gave up goes back to its exchange with its routing key. What ingestion refused goes to the intake as it was and its dead job is
            discarded; if it is still wrong it is refused anew. A repeat of a study that is there does no harm.

            Examples:
              columna dead requeue
              columna dead requeue --tenant radiology
              columna dead requeue --given-up
              columna dead requeue --replies --queue radiology.results
            """)

    @Option(help: "Only messages of this tenant.")
    var tenant: Tenant?

    @Flag(help: "Only what the broker gave up (delivered too often), not what ingestion refused.")
    var givenUp = false

    @Option(help: "At most so many.", in: .listed)
    var limit = 100_000

    @Flag(help: "Not messages, but answers that their queues refused: try them again now.")
    var replies = false

    @Option(help: "With --replies: only of this queue.")
    var queue: String?

    func validate() throws {
        guard replies || queue == nil else { throw ValidationError("--queue goes with --replies") }
        guard !replies || (tenant == nil && !givenUp) else { throw ValidationError("--replies goes with --queue only") }
    }

    func run() async throws {
        let system = try SystemConnection()
        if replies {
            let count = try await system.store.retryReplies(queue: queue, actor: system.actor)
            return print("\(Wording.count(count, "answer")) will be tried again at once")
        }
        let done = try await system.requeueDeadLetters(limit: limit, where: isWanted) {
            remark("columna: \(CommandFailure($0))")
        }
        print(
            "\(Wording.count(done.back, "message")) put back"
                + (done.dropped > 0 ? ", \(done.dropped) dropped whose jobs had been decided on" : ""))
        if done.left > 0 {
            throw CommandFailure(
                .failed,
                "\(Wording.count(done.left, "message")) could not be put back; see `columna dead list --messages`")
        }
    }

    private func isWanted(_ letter: DeadLetter) -> Bool {
        guard !givenUp || letter.job == nil else { return false }
        return tenant == nil || letter.tenant == tenant
    }
}
