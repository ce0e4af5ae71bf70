import ArgumentParser
import Foundation
import Glibc
import JobEngine

/// `columna jobs …`: what operators see and decide.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List, follow and steer jobs.",
        subcommands: [
            JobsListCommand.self, JobsShowCommand.self, JobsWatchCommand.self, JobsCancelCommand.self,
            JobsRetryCommand.self,
            JobsPauseCommand.self, JobsResumeCommand.self,
        ],
        defaultSubcommand: JobsListCommand.self)
}

struct JobsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List jobs, newest first.",
        discussion: """
            Examples:
              columna jobs list --state running --state queued
              columna jobs list --stage inference --limit 20 --json
            """)

    @Option(help: "Only jobs in this state; may be repeated.")
    var state: [JobState] = []

    @Option(help: "Only jobs of this stage.")
    var stage: Stage?

    @Option(help: "Only jobs of this tenant.")
    var tenant: String?

    @Option(help: ArgumentHelp("Only jobs of this study: its id, or that of the hospital's message.", valueName: "id"))
    var study: String?

    @Option(help: "At most so many.")
    var limit = 50

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        var wanted: UUID?
        if let study { wanted = try await Lookup(pool: system.pool).study(study) }
        let jobs = try await system.store.jobs(
            JobFilter(
                states: state.isEmpty ? nil : Set(state), stage: stage, tenant: tenant, study: wanted, limit: limit))
        let now = try await system.store.now()
        output.show(["jobs": JSONValue(jobs.map(JobPresentation.json))]) {
            print(jobs.isEmpty ? "No jobs." : JobPresentation.table(jobs, now: now))
        }
    }
}

struct JobsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one job: attempts, artifacts, parents, children, parameters.",
        discussion: "Example:\n  columna jobs show 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @Argument(help: "The job's id.")
    var id: JobID

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let detail = try await JobDetail(id, in: system)
        output.show(detail.json(system)) { detail.show(system) }
    }
}

struct JobsWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow one job or study to its end, or all jobs until interrupted.",
        discussion: """
            With an id the exit code tells how it ended: 0 succeeded, 1 not. Without one, every change of state is a line.

            Examples:
              columna jobs watch
              columna jobs watch 1b4e28ba-2fa1-41d2-883f-0016d3cca427
            """)

    @Argument(help: "A job's or a study's id.", transform: Identifier.uuid)
    var id: UUID?

    @Option(help: ArgumentHelp("Give up after so long (exit code 75).", valueName: "seconds"))
    var timeout: Double?

    func run() async throws {
        let system = try SystemConnection()
        guard let id else { return try await watchAll(system) }
        let follower = StudyFollower(system, timeoutInSeconds: timeout)
        if try await system.catalog.study(id) != nil {
            let state = try await follower.follow(id)
            follower.progress.end()
            try await StudyReport(id, in: system).show(system)
            if state != .succeeded { throw ExitCode(1) }
        } else {
            let job = try await follower.follow(job: JobID(id))
            follower.progress.end()
            print("\(job.kind.rawValue) \(job.id) \(job.state.rawValue): \(JobPresentation.note(job))")
            if job.state != .succeeded { throw ExitCode(1) }
        }
    }

    private func watchAll(_ system: SystemConnection) async throws {
        var known: [JobID: String] = [:]
        let progress = ProgressLine()
        let clock = Stopwatch()
        while timeout.map({ clock.seconds < $0 }) ?? true {
            let (jobs, now) = (try await system.store.jobs(JobFilter(limit: 500)), try await system.store.now())
            for job in jobs.reversed() {
                let state = JobPresentation.state(job)
                defer { known[job.id] = state }
                if known[job.id] == nil, job.state.isTerminal,
                    (job.finishedAt ?? .distantPast).timeIntervalSince(now) < -60
                {
                    continue
                }
                if known[job.id] == state { continue }
                progress.end()
                print(
                    "\(Date().formatted(Date.ISO8601FormatStyle()))  \(job.id)  \(job.kind.rawValue)  \(state)  \(JobPresentation.note(job))"
                )
            }
            fflush(nil)
            let running = jobs.filter { $0.state == .running }
            let waiting = jobs.count { $0.state == .queued || $0.state == .waiting }
            progress.show(
                nil,
                "\(running.count) running, \(waiting) waiting"
                    + running.prefix(3).map { ", \($0.kind.rawValue) \(Wording.percent($0.progress))" }.joined())
            try await Task.sleep(for: .milliseconds(500))
        }
        progress.end()
        throw ExitCode(CommandFailure.Code.timeout.rawValue)
    }
}

/// What a person typed where an id belongs.
enum Identifier {
    @Sendable static func uuid(_ text: String) throws -> UUID {
        guard let uuid = UUID(uuidString: text) else {
            throw ValidationError("'\(text)' is not an id, expected 36 characters as in `columna jobs list`")
        }
        return uuid
    }
}
