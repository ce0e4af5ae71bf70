import Foundation
import JobEngine
import Messaging
import Studies

/// Follows studies through their jobs until they end, with a line of progress.
struct StudyFollower: Sendable {
    let system: SystemConnection
    let progress: ProgressLine
    /// Nil: as long as it takes.
    var timeoutInSeconds: Double?
    private let interval = Duration.milliseconds(300)

    init(_ system: SystemConnection, progress: ProgressLine = ProgressLine(), timeoutInSeconds: Double? = nil) {
        self.system = system
        self.progress = progress
        self.timeoutInSeconds = timeoutInSeconds
    }

    /// Waits until ingestion has turned a published message into a study.
    /// - Parameter digest: of what the message asks for.
    /// - Throws: `CommandFailure` when the message's id is that of a study that was asked for otherwise, and when
    ///   ingestion refused the message.
    func study(of message: OutgoingMessage, from sender: IntakeSender, digest: String) async throws -> UUID {
        let clock = Stopwatch()
        var warned = false
        while true {
            if let study = try await Lookup(pool: system.pool).study(of: sender) {
                let known = try await system.catalog.study(study)?.contentDigest
                guard known == nil || known == digest else {
                    throw CommandFailure(
                        .badData,
                        "message '\(sender.messageID)' asked for something else before and is study \(study.uuidString.lowercased()): choose another id"
                    )
                }
                return study
            }
            if let id = try await Lookup(pool: system.pool).refusal(of: message, tenant: sender.tenant),
                let failure = try await system.store.job(id)?.failure
            {
                progress.end()
                throw CommandFailure(
                    .badData,
                    "message '\(sender.messageID)' was refused: \(failure.reason); see `columna dead show \(id)`")
            }
            progress.show(nil, "waiting for ingestion to take the message, \(clock.text)")
            if !warned, clock.seconds > 10 {
                warned = true
                try await warnWithoutWorkers(.ingestion)
            }
            try await pause(clock)
        }
    }

    /// Follows the study that a message became, and prints its result.
    ///
    /// - Parameter also: what is to be done with the result before a failure is thrown.
    /// - Throws: `CommandFailure` with exit code 1 when it did not succeed.
    func showResult(
        of message: OutgoingMessage, from sender: IntakeSender, digest: String, _ printing: OutputOptions,
        also: (StudyReport) async throws -> Void = { _ in }
    ) async throws {
        let study = try await study(of: message, from: sender, digest: digest)
        let state = try await follow(study)
        progress.end()
        let report = try await StudyReport(study, in: system)
        printing.show(report.json(system)) { report.show(system) }
        try await also(report)
        guard state == .succeeded else {
            let reason = report.failures.last?.failure.map(\.description) ?? "it was \(state.rawValue)"
            throw CommandFailure(.failed, "the study did not succeed: \(reason)")
        }
    }

    /// Follows one study to its end.
    func follow(_ study: UUID) async throws -> StudyState {
        let clock = Stopwatch()
        var warned: Set<Stage> = []
        while true {
            let jobs = try await system.store.jobs(JobFilter(study: study, limit: 100))
            let state = try await system.catalog.study(study)?.state ?? .submitted
            if state != .submitted { return state }
            show(jobs, clock)
            if let stuck = jobs.first(where: { $0.state == .queued }), clock.seconds > 10,
                warned.insert(stuck.stage).inserted
            {
                try await warnWithoutWorkers(stuck.stage)
            }
            try await pause(clock)
        }
    }

    /// Follows many studies until all have ended.
    func follow(all studies: [UUID]) async throws -> [UUID: StudyState] {
        let clock = Stopwatch()
        var warned = false
        while true {
            let states = try await Lookup(pool: system.pool).states(of: studies)
            let ended = states.values.count { $0 != .submitted }
            if ended == studies.count { return states }
            let dead = states.values.count { $0 == .dead }
            progress.show(
                Double(ended) / Double(max(1, studies.count)),
                "\(ended) of \(Wording.count(studies.count, "case"))" + (dead > 0 ? ", \(dead) dead" : "")
                    + ", \(clock.text)")
            if !warned, ended == 0, clock.seconds > 10 {
                warned = true
                for stage in [Stage.ingestion, .preprocessing] { try await warnWithoutWorkers(stage) }
            }
            try await pause(clock)
        }
    }

    /// Follows a job that serves no study (training); `each` is called with every look at it.
    func follow(job id: JobID, each: (JobRecord) async throws -> Void = { _ in }) async throws -> JobRecord {
        let clock = Stopwatch()
        var warned = false
        while true {
            guard let job = try await system.store.job(id) else {
                throw CommandFailure(.failed, "there is no job \(id)")
            }
            try await each(job)
            if job.state.isTerminal { return job }
            progress.show(job.progress, "\(job.kind.rawValue): \(Self.note(job)), \(clock.text)")
            if !warned, job.state == .queued, clock.seconds > 10 {
                warned = true
                try await warnWithoutWorkers(job.stage)
            }
            try await pause(clock)
        }
    }

    private func show(_ jobs: [JobRecord], _ clock: Stopwatch) {
        let ordered = jobs.sorted { ($0.createdAt, $0.kind.rawValue) < ($1.createdAt, $1.kind.rawValue) }
        guard let current = ordered.last(where: { !$0.state.isTerminal }) ?? ordered.last else { return }
        // Segmenting takes nearly all of the time; the stages before it are counted as steps.
        let steps = 3.0
        let done = Double(ordered.count { $0.state == .succeeded })
        let fraction = min(1, (done + (current.state.isTerminal ? 0 : current.progress)) / max(steps, done + 1))
        progress.show(fraction, "\(current.kind.rawValue): \(Self.note(current)), \(clock.text)")
    }

    private static func note(_ job: JobRecord) -> String {
        job.state == .running && !job.progressNote.isEmpty ? job.progressNote : JobPresentation.state(job)
    }

    /// Says so when nobody is there to do the work; it may still come.
    private func warnWithoutWorkers(_ stage: Stage) async throws {
        if try await system.store.pausedStages().contains(stage) {
            progress.note(
                "columna: stage \(stage.rawValue) is paused; let it go on with `columna workers resume \(stage.rawValue)`"
            )
            return
        }
        let workers = try await system.store.workers(heardOfWithin: 60)
        guard !workers.contains(where: { $0.stage == stage && $0.state == .running }) else { return }
        progress.note(
            "columna: no worker of stage \(stage.rawValue) has been heard of for a minute; start one: `columna local up`, or columna-\(stage.rawValue)"
        )
    }

    private func pause(_ clock: Stopwatch) async throws {
        if let timeoutInSeconds, clock.seconds > timeoutInSeconds {
            progress.end()
            throw CommandFailure(
                .timeout,
                "not finished after \(Wording.duration(timeoutInSeconds)); it goes on without this command, see `columna jobs list`"
            )
        }
        try await Task.sleep(for: interval)
    }
}
