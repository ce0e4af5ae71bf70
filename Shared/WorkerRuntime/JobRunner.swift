import FoundationEssentials
import JobEngine
import Logging
import Messaging

/// Runs one claimed job on a thread of its own and writes its end.
struct JobRunner: Sendable {
    let store: any JobStore
    let keeper: LeaseKeeper
    let handlers: [JobKind: any JobHandler]
    let context: @Sendable (ClaimedJob, JobControl, Logger) -> JobContext
    let log: Logger

    func run(_ claimed: ClaimedJob) async {
        let control = JobControl(claimed)
        keeper.add(control)
        defer { keeper.remove(control) }
        var log = log
        log[metadataKey: "job"] = "\(claimed.record.id)"
        log[metadataKey: "kind"] = "\(claimed.record.kind.rawValue)"
        log[metadataKey: "attempt"] = "\(claimed.record.attempt)"
        log.debug("job started")
        let outcome = await outcome(of: claimed, control, log)
        await conclude(claimed, outcome, control, log)
    }

    private func outcome(of claimed: ClaimedJob, _ control: JobControl, _ log: Logger) async -> JobOutcome {
        guard let handler = handlers[claimed.record.kind] else {
            return .failed(
                JobFailure(class: .defect, code: "no-handler", reason: "this worker has no handler for \(claimed.record.kind.rawValue): upgrade it"))
        }
        let executor = JobQueueExecutor(label: "columna.job.\(claimed.record.id)")
        let context = context(claimed, control, log)
        do {
            var completion = try await withTaskExecutorPreference(executor) { try await handler.run(context) }
            completion.additionalInputs += control.notedInputs
            // A cancel that came too late changes nothing; a lost lease forbids the end as well.
            return control.interruption == .leaseLost ? .abandoned : .completed(completion)
        } catch {
            return JobOutcome(error)
        }
    }

    /// Writes the end until the database takes it or the lease is over: a result of hours must not die of a second's outage.
    ///
    /// The lease keeper goes on renewing meanwhile; without the database the lease last renewed is the deadline.
    private func conclude(_ claimed: ClaimedJob, _ outcome: JobOutcome, _ control: JobControl, _ log: Logger) async {
        let beginning = Date()
        var backoff = ReconnectBackoff()
        while true {
            do {
                try await write(claimed, outcome, log)
                return
            } catch {
                log.warning("the job's end is not written yet", metadata: ["error": "\(error)"])
                let deadline = max(control.leaseUntil, beginning.addingTimeInterval(30))
                guard Date() < deadline, [.transient, .resource].contains(JobFailure(classifying: error).class) else {
                    await giveUp(claimed, error, log)
                    return
                }
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    /// The end itself was refused (a defect in what the handler returned): the attempt fails with that reason instead of running into its lease's end.
    private func giveUp(_ claimed: ClaimedJob, _ error: any Error, _ log: Logger) async {
        let failure = JobFailure(classifying: error)
        do {
            _ = try await store.failJobIfRunning(claimed.record.id, token: claimed.token, failure: failure, now: Date())
        } catch {
            log.error("the attempt's failure is not written; its lease will expire", metadata: ["error": "\(error)"])
        }
    }

    private func write(_ claimed: ClaimedJob, _ outcome: JobOutcome, _ log: Logger) async throws {
        let id = claimed.record.id
        let token = claimed.token
        switch outcome {
        case .completed(let completion):
            let isWritten = try await store.completeJobIfRunning(id, token: token, completion: completion, now: Date())
            log.log(level: isWritten ? .debug : .warning, isWritten ? "job succeeded" : "stale token: the job's result was discarded")
        case .failed(let failure):
            let state = try await store.failJobIfRunning(id, token: token, failure: failure, now: Date())
            log.warning(
                "attempt failed",
                metadata: ["class": "\(failure.class.rawValue)", "failure": "\(failure)", "state": "\(state?.rawValue ?? "not ours any more")"])
        case .handedBack:
            _ = try await store.handBackJobIfRunning(id, token: token, now: Date())
            log.info("job handed back")
        case .cancelled:
            _ = try await store.cancelJobIfRunning(id, token: token, now: Date())
            log.info("job cancelled")
        case .abandoned:
            log.warning("lease lost: the attempt stopped and wrote nothing")
        }
    }
}
