import ArgumentParser
import Console
import Documents
import Foundation
import Glibc
import JobEngine
import Operations
import Studies

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

    @Option(help: ArgumentHelp("Give up after so long (exit code 75).", valueName: "seconds"), in: .seconds)
    var timeout: Double?

    func run() async throws {
        let system = try SystemConnection()
        guard let id else { return try await watchAll(system) }
        let follower = StudyFollower(system, timeoutInSeconds: timeout)
        let study = StudyID(id)
        if try await system.catalog.study(study) != nil {
            let state = try await follower.follow(study)
            try await StudyReport(study, in: system).show()
            if state != .succeeded { throw ExitCode(1) }
        } else {
            guard try await system.store.job(JobID(id)) != nil else {
                throw CommandFailure(.failed, "there is no job or study \(JobID(id)); see `columna jobs list --json`")
            }
            let job = try await follower.follow(job: JobID(id))
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
        throw CommandFailure(.timeout, "watched for \(Wording.duration(clock.seconds)), as --timeout says")
    }
}
