package import Documents
import Foundation
package import JobEngine

/// Which workers there are, which stages rest, and which dependencies are away.
package struct WorkforceReport: Documented {
    /// In the order that studies take through their stages.
    package let workers: [WorkerRecord]
    /// In that order.
    package let pausedStages: [Stage]
    package let dependencies: [DependencyRecord]

    /// - Parameters:
    ///   - seconds: how far to look back for workers.
    ///   - stopped: whether those count that have stopped.
    package init(heardOfWithin seconds: Double, stopped: Bool, in system: SystemConnection) async throws {
        workers = try await system.store.workers(heardOfWithin: seconds)
            .filter { stopped || $0.state != .stopped }
            .sorted { (Self.position($0.stage), $0.id) < (Self.position($1.stage), $1.id) }
        let paused = try await system.store.pausedStages()
        pausedStages = Stage.allCases.filter(paused.contains)
        dependencies = try await system.store.dependencies()
    }

    private static func position(_ stage: Stage) -> Int { Stage.allCases.firstIndex(of: stage) ?? 0 }

    package var document: JSONValue {
        [
            "workers": JSONValue(workers.map(\.document)),
            "paused_stages": JSONValue(pausedStages.map { JSONValue($0.rawValue) }),
            "dependencies": JSONValue(dependencies.map(\.document)),
        ]
    }
}

extension WorkerRecord: Documented {
    package var document: JSONValue {
        [
            "id": JSONValue(worker.id), "stage": JSONValue(worker.stage.rawValue), "host": JSONValue(worker.host),
            "process_id": JSONValue(worker.processID), "version": JSONValue(worker.version),
            "slots": JSONValue(worker.slots), "busy_slots": JSONValue(worker.busySlots),
            "state": JSONValue(worker.state.rawValue), "started_at": JSONValue(startedAt),
            "heartbeat_at": JSONValue(heartbeatAt), "clock_skew_seconds": JSONValue(worker.clockSkewInSeconds),
            "note": JSONValue(worker.note),
        ]
    }
}

extension DependencyRecord: Documented {
    package var document: JSONValue {
        [
            "name": JSONValue(name), "failures": JSONValue(failures), "held_since": JSONValue(openedAt),
            "next_try_at": JSONValue(probeAt), "reason": JSONValue(reason), "held_jobs": JSONValue(heldJobs),
        ]
    }
}
