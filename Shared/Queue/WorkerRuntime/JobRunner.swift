import FoundationEssentials
package import JobEngine
package import Logging
import Messaging
import Persistence
package import Storage
import Threads

/// Runs one claimed job on a thread of its own and writes its end.
package struct JobRunner: Sendable {
    private let store: any JobStore
    private let keeper: LeaseKeeper
    private let handlers: [JobKind: any JobHandler]
    private let objects: any ObjectStore
    private let configuration: WorkerConfiguration
    private let log: Logger

    /// - Parameter handlers: one per kind.
    package init(
        store: any JobStore, keeper: LeaseKeeper, handlers: [any JobHandler],
        objects: any ObjectStore, configuration: WorkerConfiguration, log: Logger
    ) {
        self.store = store
        self.keeper = keeper
        self.handlers = Dictionary(uniqueKeysWithValues: handlers.map { ($0.kind, $0) })
        self.objects = objects
        self.configuration = configuration
        self.log = log
    }

    /// - Returns: how the handler ended.
    package func run(_ claimed: ClaimedJob, leaseUntil: ContinuousClock.Instant) async -> JobOutcome {
        let control = JobControl(claimed, leaseUntil: leaseUntil)
        keeper.add(control)
        defer { keeper.remove(control) }
        var log = log
        log[metadataKey: "job"] = "\(claimed.record.id)"
        log[metadataKey: "kind"] = "\(claimed.record.kind.rawValue)"
        log[metadataKey: "attempt"] = "\(claimed.record.attempt)"
        log.debug("job started")
        let dependency = handlers[claimed.record.kind]?.dependency(of: claimed.record)
        let gate = DependencyGate(store: store, log: log)
        let admission = await gate.admit(to: dependency)
        let outcome: JobOutcome
        if let dependency, case .wait(let seconds) = admission {
            outcome = DependencyGate.held(for: dependency, seconds)
        } else {
            outcome = await self.outcome(of: claimed, control, log)
            await gate.settle(outcome, of: dependency, after: admission)
        }
        await conclude(claimed, outcome, control, log)
        return outcome
    }

    private func outcome(of claimed: ClaimedJob, _ control: JobControl, _ log: Logger) async -> JobOutcome {
        guard let handler = handlers[claimed.record.kind] else {
            return .failed(
                JobFailure(
                    class: .defect, code: "no-handler",
                    reason: "this worker has no handler for \(claimed.record.kind.rawValue): upgrade it"))
        }
        let executor = ThreadExecutor(name: "columna.job")
        let context = JobContext(
            claimed: claimed, configuration: configuration, log: log, control: control, jobs: store,
            objects: objects)
        do {
            var completion = try await withTaskExecutorPreference(executor) { try await handler.run(context) }
            completion.additionalInputs += control.notedInputs
            // Whatever interruption came too late: the fencing token decides whether the result may still be written.
            return .completed(completion)
        } catch {
            return JobOutcome(error)
        }
    }

    /// Writes the end until the database takes it or says that the lease is another's: a result of hours must not die
    /// of a minute's outage. While nobody can write, nobody can take the job either; the lease keeper goes on renewing
    /// meanwhile.
    ///
    /// Only an end that is refused for what it says is given up: the attempt fails with that reason instead.
    private func conclude(_ claimed: ClaimedJob, _ outcome: JobOutcome, _ control: JobControl, _ log: Logger) async {
        var outcome = outcome
        var backoff = ReconnectBackoff(limit: .seconds(5))
        while true {
            do {
                return try await write(claimed, outcome, log)
            } catch  where Self.isRefusal(error) {
                guard let instead = outcome.instead(refusedBy: error) else {
                    log.error(
                        "the attempt's end is refused whatever it says; its lease will expire",
                        metadata: ["error": "\(error)"])
                    return
                }
                log.warning("the attempt's end is refused", metadata: ["error": "\(error)"])
                outcome = instead
            } catch {
                if Task.isCancelled {
                    return log.error(
                        "the attempt's end is not written: the worker ends", metadata: ["error": "\(error)"])
                }
                log.warning("the attempt's end is not written yet; it is kept", metadata: ["error": "\(error)"])
                control.say("ended; the end is not written yet: \(JobFailure(error).code)")
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    /// Whether trying the same again is pointless. What the database cannot do now says nothing about the end.
    private static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: error.isRequestsFault
        case is CancellationError: false
        default: true
        }
    }

    private func write(_ claimed: ClaimedJob, _ outcome: JobOutcome, _ log: Logger) async throws {
        let id = claimed.record.id
        let token = claimed.token
        switch outcome {
        case .completed(let completion):
            let isWritten = try await store.completeJobIfRunning(id, token: token, completion: completion)
            log.log(
                level: isWritten ? .debug : .warning,
                isWritten ? "job succeeded" : "stale token: the job's result was discarded")
        case .failed(let failure):
            let state = try await store.failJobIfRunning(id, token: token, failure: failure)
            log.warning(
                "attempt failed",
                metadata: [
                    "class": "\(failure.class.rawValue)", "failure": "\(failure)",
                    "state": "\(state?.rawValue ?? "not ours any more")",
                ])
        case .handedBack:
            _ = try await store.handBackJobIfRunning(id, token: token)
            log.info("job handed back")
        case .cancelled:
            _ = try await store.cancelJobIfRunning(id, token: token)
            log.info("job cancelled")
        case .held(let dependency, let seconds):
            _ = try await store.holdJobIfRunning(id, token: token, for: dependency, seconds: seconds)
            log.info("job held", metadata: ["for": "\(dependency)", "seconds": "\(Int(seconds))"])
        }
    }
}
