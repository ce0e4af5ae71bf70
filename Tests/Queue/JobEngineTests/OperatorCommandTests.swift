import Foundation
import JobEngine
import Studies
import Testing

struct OperatorCommandTests {
    private let now = Date(timeIntervalSince1970: 1_750_000_000)

    /// Whatever an operator wants in whatever state: the decision is a transition that is drawn, or none.
    @Test(arguments: OperatorCommand.allCases, JobState.allCases)
    func aCommandLeadsWhereTheDrawingLeads(_ command: OperatorCommand, _ state: JobState) {
        for isPaused in [false, true] {
            for parentsSucceeded in [false, true] {
                let job = record(state, isPaused: isPaused)
                guard let change = command.decide(job, parentsSucceeded: parentsSucceeded, now: now) else { continue }
                #expect(change.state == state || state.successors.contains(change.state))
            }
        }
    }

    @Test func aReplayedJobWaitsForItsParents() {
        #expect(OperatorCommand.replay.decide(record(.dead), parentsSucceeded: false, now: now)?.state == .waiting)
        #expect(OperatorCommand.replay.decide(record(.cancelled), parentsSucceeded: true, now: now)?.state == .queued)
    }

    @Test func aResumedJobWhoseTimeHasNotComeWaits() {
        var job = record(.waiting, isPaused: true)
        job.runAt = now.addingTimeInterval(1)
        #expect(OperatorCommand.resume.decide(job, parentsSucceeded: true, now: now)?.state == .waiting)
        job.runAt = now
        #expect(OperatorCommand.resume.decide(job, parentsSucceeded: true, now: now)?.state == .queued)
    }

    @Test(arguments: [OperatorCommand.cancel, .pause])
    func aDeadJobIsLeftToReplayAndDiscard(_ command: OperatorCommand) {
        #expect(command.decide(record(.dead), parentsSucceeded: true, now: now) == nil)
    }

    private func record(_ state: JobState, isPaused: Bool = false) -> JobRecord {
        JobRecord(
            id: JobID(), kind: Rehearsal.kind, tenant: "clinic", priority: .routine, state: state,
            deduplicationKey: nil,
            parameters: "{}",
            study: nil, attempt: 1, crashes: 0, isPaused: isPaused, cancellationRequested: false, worker: nil,
            token: nil, leaseUntil: nil,
            progress: 0, progressNote: "", failure: nil, createdAt: now, queuedAt: now, runAt: nil, startedAt: nil,
            finishedAt: nil)
    }
}
