import Foundation
import JobEngine
import Logging
import ServiceLifecycle
import Site
import Storage
import Studies
import WorkerRuntime

/// Watches the studies that come as files over time: makes a study and its first job of each that is complete, and
/// cancels the jobs of those that a late instance has superseded. Several replicas may do so at once.
struct StudySettler: Service {
    let arrivals: any ArrivalStore
    let store: any JobStore
    let objects: any ObjectStore
    let site: Site
    let relay: OutboxRelay
    let log: Logger
    var everySeconds = 1.0

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var nextSweep = ContinuousClock.now
            while !Task.isCancelled {
                do {
                    if .now >= nextSweep {
                        nextSweep = .now + .seconds(3600)
                        // What a killed worker left may show who a patient is. No job of ingestion runs longer than
                        // half a day.
                        try await objects.sweepTemporaryFiles(olderThan: .seconds(13 * 3600))
                    }
                    try await settle()
                } catch {
                    if Task.isCancelled { return }
                    log.warning("cannot settle arrivals", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(everySeconds))
            }
        }
    }

    func settle() async throws {
        try await cancelSuperseded()
        // Read before the list: no arrival is taken for more silent than it is.
        let now = try await store.now()
        for arrival in try await arrivals.unsettled() {
            guard let signal = arrival.completion(at: now, site.policy(of: arrival.tenant).settling) else { continue }
            do {
                try await complete(arrival, signal)
            } catch {
                // One study must not hold up the others; it is looked at again.
                log.warning(
                    "cannot complete an arrival", metadata: ["study_key": "\(arrival.studyKey)", "error": "\(error)"])
            }
        }
    }

    private func cancelSuperseded() async throws {
        for job in try await arrivals.supersededJobs() {
            let state = try await store.cancelJob(job, actor: "columna-ingestion: a late instance came")
            log.info(
                "job of a superseded study cancelled",
                metadata: ["job": "\(job)", "state": "\(state.map(\.rawValue) ?? "gone")"])
            relay.ring()
        }
    }

    private func complete(_ arrival: Arrival, _ signal: CompletionSignal) async throws {
        let policy = site.policy(of: arrival.tenant)
        let instances = try await arrivals.instances(of: arrival.id)
        let manifest = try await StoredManifest.store(
            InstanceManifest(studyKey: arrival.studyKey, revision: arrival.revision, instances: instances), in: objects)
        let study = Study(
            tenant: arrival.tenant, pipeline: .segment, messageID: "arrival/\(arrival.studyKey)/\(arrival.revision)")
        let job = try JobRequest(
            IngestStudy(order: StudyOrder(pipeline: .segment), path: nil), tenant: arrival.tenant,
            priority: policy.priority, deduplicationKey: study.messageID, inputs: [manifest], study: study.id)
        // False: an instance came meanwhile, or another replica was faster.
        guard try await arrivals.complete(arrival, of: instances, signal: signal, study: study, first: job) else {
            return
        }
        relay.ring()
        log.info(
            "study complete",
            metadata: [
                "study": "\(study.id)", "revision": "\(arrival.revision)",
                "instances": "\(instances.count)",
                "signal": "\(signal.rawValue)",
            ])
        if let expected = arrival.expectedCount, instances.count < expected {
            log.warning(
                "study taken with fewer instances than announced",
                metadata: [
                    "study": "\(study.id)", "instances": "\(instances.count)",
                    "announced": "\(expected)",
                ])
        }
    }
}
