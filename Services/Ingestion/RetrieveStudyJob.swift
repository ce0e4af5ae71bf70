import DICOMSeries
import Foundation
import JobEngine
import Site
import Studies
import Synchronization
import WorkerRuntime

/// Fetches a study from one of the hospital's archives, by DICOMweb, C-GET or C-MOVE, and hands it on as if it had been
/// sent.
struct RetrieveStudyJob: JobHandler {
    let site: Site
    let models: TenantModel
    let archives: Archives
    let receiver: InstanceReceiver

    func dependency(of job: JobRecord, _ parameters: RetrieveStudy) -> String? {
        Archives.dependency(parameters.source)
    }

    func run(_ job: JobContext, _ parameters: RetrieveStudy) async throws -> Completion {
        let tenant = job.record.tenant
        guard let study = job.record.study else {
            throw JobFailure(class: .defect, code: "study-missing", reason: "a retrieval serves no study")
        }
        try checkSource(parameters.source, tenant)
        // Before anything is fetched: a study that nothing can segment must not take the place of one that has been.
        var order = parameters.order
        _ = try await models.pin(&order, of: job.record.tenant)
        let archive = try archives.archive(parameters.source)
        let key = try receiver.keys.key(parameters.studyInstanceUID, tenant: tenant)

        try job.progress(0.02, "asking the archive")
        let series = try computedTomography(of: parameters, in: archive)
        let counts = series.compactMap(\.instanceCount)
        let announced = counts.count == series.count ? counts.reduce(0, +) : nil
        _ = try await receiver.arrivals.reserve(key, tenant: tenant, study: study, expectedCount: announced)
        try await fetch(series, of: parameters, from: archive, announced: announced, job)

        try job.progress(0.95, "closing the study")
        let manifest = try await close(key, tenant: tenant, study: study, announced: announced)
        let artifact = try await StoredManifest.store(manifest, in: receiver.objects)
        let children = try Pipeline.children(of: job.record, order: order, artifacts: [artifact])
        return Completion(
            outputs: [artifact], children: children,
            summary: "\(manifest.instances.count) instances from \(parameters.source)")
    }

    /// Other modalities of the study stay where they are.
    private func computedTomography(of parameters: RetrieveStudy, in archive: any Archive) throws
        -> [ArchivedSeries]
    {
        let all = try archive.series(ofStudy: parameters.studyInstanceUID)
        guard !all.isEmpty else {
            throw JobFailure(
                class: .data, code: "study-not-found",
                reason:
                    "the archive \(parameters.source) does not know the study: check the UID, and that it is archived there"
            )
        }
        let wanted = all.filter { ["CT", ""].contains($0.modality) }
        guard !wanted.isEmpty else {
            let found = Set(all.map(\.modality)).sorted().joined(separator: ", ")
            throw JobFailure(
                class: .data, code: "study-without-ct", reason: "the study has no CT series, only [\(found)]")
        }
        return wanted
    }

    private func checkSource(_ source: String, _ tenant: Tenant) throws {
        let allowed = site.policy(of: tenant).sources
        guard allowed.contains(source) else {
            let others = allowed.isEmpty ? "and from no other archive" : "only from \(allowed.joined(separator: ", "))"
            throw JobFailure(
                class: .data, code: "source-not-allowed",
                reason:
                    "tenant \(tenant) may not pull from '\(source)', \(others): name it under tenants.\(tenant).pull-from in the site file"
            )
        }
    }

    /// Files of an archive are taken over as they lie there; one that sends to the listener has had them taken over
    /// when its answer comes.
    private func fetch(
        _ series: [ArchivedSeries], of parameters: RetrieveStudy, from archive: any Archive, announced: Int?,
        _ job: JobContext
    ) async throws {
        let folder = try job.temporaryFile(named: "retrieval")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let count = Atomic<Int>(0)
        for one in series {
            let control = TransferControl(
                isCancelled: { (try? job.checkCancellation()) == nil },
                received: {
                    let received = count.add(1, ordering: .relaxed).newValue
                    let share = announced.map { min(1, Double(received) / Double(max($0, 1))) } ?? 0.5
                    try? job.progress(0.05 + 0.6 * share, "fetched \(received) instances")
                })
            do {
                try archive.fetch(series: one.uid, ofStudy: parameters.studyInstanceUID, into: folder, control)
            } catch {
                try job.checkCancellation()
                throw error
            }
        }
        try job.checkCancellation()
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).sorted {
            $0.path < $1.path
        }
        for (number, file) in files.enumerated() {
            try job.progress(
                0.65 + 0.3 * Double(number) / Double(files.count), "storing instance \(number + 1) of \(files.count)")
            do {
                // Before it is taken: what is in storage would be segmented.
                guard try InstanceIdentifiers.read(file).studyInstanceUID == parameters.studyInstanceUID else {
                    throw JobFailure(
                        class: .data, code: "archive-sent-another-study",
                        reason: "the archive \(parameters.source) sent an instance of another study than was asked for")
                }
                _ = try await receiver.take(file, tenant: job.record.tenant)
            } catch {
                throw JobFailure(reading: "instance", error)
            }
        }
    }

    /// The instances as they stand, closed under this study if it kept the arrival. Late ones make another revision
    /// afterwards.
    private func close(_ key: ArrivalKey, tenant: Tenant, study: StudyID, announced: Int?) async throws
        -> InstanceManifest
    {
        while true {
            // Again: what came just now may have made a new revision of a study that was complete.
            let isReserved =
                try await receiver.arrivals.reserve(key, tenant: tenant, study: study, expectedCount: announced) != nil
            guard let arrival = try await receiver.arrivals.current(key, tenant: tenant),
                arrival.instanceCount > 0
            else {
                throw JobFailure(
                    class: .transient, code: "nothing-arrived",
                    reason:
                        "the archive reports success but no instance has come: for C-MOVE it must know this system's AE title, address and port"
                )
            }
            if let announced, arrival.instanceCount < announced {
                throw JobFailure(
                    class: .transient, code: "retrieval-incomplete",
                    reason: "\(arrival.instanceCount) of \(announced) instances have come from the archive")
            }
            let instances = try await receiver.arrivals.instances(of: arrival.id)
            let manifest = InstanceManifest(
                studyKey: arrival.studyKey, revision: arrival.revision, instances: instances)
            guard isReserved, arrival.study == study, arrival.state != .complete else { return manifest }
            if try await receiver.arrivals.completeRetrieval(arrival, of: instances, study: study) { return manifest }
        }
    }
}
