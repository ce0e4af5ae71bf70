import Faults
import JobEngine
import Operations
import Persistence
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct DecisionTests {
    @Test func aQueuedJobIsCancelledAndThenThereIsNothingToCancel() async throws {
        try await SystemFixture.with { fixture in
            let (_, job) = try await fixture.queuedStudy()
            #expect(try await fixture.system.decide(.cancel, job) == .job(.cancelled))
            let error = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.decide(.cancel, job)
            }
            #expect(error?.code == .refused && error?.description == "job \(job) is cancelled: nothing to cancel")
        }
    }

    @Test func aDeadJobIsFoundByItsCodeAndPutBack() async throws {
        try await SystemFixture.with { fixture in
            let (_, job) = try await fixture.queuedStudy()
            try await fixture.kill(.ingestion, reason: "no image")
            #expect(try await fixture.system.deadJobs(code: "other", stage: nil).isEmpty)
            #expect(try await fixture.system.deadJobs(code: "not-dicom", stage: .ingestion) == [job])
            #expect(try await fixture.system.decide(.replay, job) == .job(.queued))
            #expect(try await fixture.system.deadJobs(code: nil, stage: nil).isEmpty)
        }
    }

    @Test func aDecisionAboutARunningJobStandsEvenWhenWorkersCannotBeTold() async throws {
        try await SystemFixture.with { fixture in
            let (_, job) = try await fixture.queuedStudy()
            _ = try await fixture.store.claimAvailableJobs(ClaimRequest(stage: .ingestion, worker: "w"))
            #expect(try await fixture.system.decide(.pause, job) == .job(.running))
            #expect(try await fixture.store.job(job)?.isPaused == true)
            #expect(fixture.remarks.count == 1 && fixture.remarks[0].hasPrefix("recorded, but the workers could not"))
        }
    }

    @Test func nobodyDecidesAboutAJobThatIsNone() async throws {
        try await SystemFixture.with { fixture in
            let none = JobID()
            for command in OperatorCommand.allCases {
                let error = await #expect(throws: OperationError.self) {
                    _ = try await fixture.system.decide(command, none)
                }
                #expect(error?.code == .missing)
            }
        }
    }
}
