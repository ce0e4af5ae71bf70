import Console
import Documents
import Evaluations
import Foundation
import JobEngine
import Metrics
import Operations

/// Everything about a study that ended: its jobs, what they wrote, its metrics or the reason of its death.
struct StudyReport: Sendable {
    let study: Study
    /// Oldest first.
    let jobs: [JobRecord]
    let outputs: [(job: JobRecord, reference: ArtifactReference)]
    let metrics: [ClassMetrics]
    /// Nil: nothing was segmented.
    let judgement: SegmentationJudgement?

    init(_ id: UUID, in system: SystemConnection) async throws {
        guard let study = try await system.catalog.study(id) else {
            throw CommandFailure(.failed, "there is no study \(id.uuidString.lowercased())")
        }
        self.study = study
        jobs = try await system.store.jobs(JobFilter(study: id, limit: 1000)).sorted { $0.createdAt < $1.createdAt }
        let segmentation = jobs.last { $0.kind == .segmentVolume && $0.state == .succeeded }
        judgement = if let segmentation { try await system.catalog.judgement(of: segmentation.id) } else { nil }
        var outputs: [(JobRecord, ArtifactReference)] = []
        for job in jobs {
            outputs += try await system.store.artifacts(of: job.id).filter { !$0.isInput }.map { (job, $0.reference) }
        }
        self.outputs = outputs.map { (job: $0.0, reference: $0.1) }
        metrics = try await system.metrics(
            of: jobs.last { $0.kind == .evaluateSegmentation && $0.state == .succeeded }?.id)
    }

    var failures: [JobRecord] { jobs.filter { $0.state == .dead } }

    func json(_ system: SystemConnection) -> JSONValue {
        [
            "study": JSONValue(study.id), "tenant": JSONValue(study.tenant),
            "pipeline": JSONValue(study.pipeline.rawValue),
            "message_id": JSONValue(study.messageID), "state": JSONValue(study.state.rawValue),
            "jobs": JSONValue(jobs.map(JobPresentation.json)),
            "artifacts": JSONValue(outputs.map { JobPresentation.json($0.reference, system) }),
            "judgement": PlausibilityPresentation.json(judgement),
            "metrics": metrics.isEmpty ? nil : MetricsPresentation.json(metrics),
        ]
    }

    func show(_ system: SystemConnection) {
        print("study \(study.id.uuidString.lowercased()) \(study.state.rawValue)\n")
        var steps = TextTable("job", "kind", "state", ">seconds", "note")
        for job in jobs {
            let seconds = job.startedAt.flatMap { start in job.finishedAt.map { $0.timeIntervalSince(start) } }
            steps.add(
                job.id.description, job.kind.rawValue, job.state.rawValue, Wording.ratio(seconds, digits: 1),
                JobPresentation.note(job))
        }
        print(steps.text)
        if !outputs.isEmpty {
            var table = TextTable("artifact", ">size", "address or path")
            for (_, reference) in outputs {
                table.add(
                    reference.role, Wording.bytes(reference.byteCount),
                    system.path(of: reference.address) ?? reference.address)
            }
            print("\n" + table.text)
        }
        if let judgement,
            !PlausibilityPresentation.lines(findings: judgement.findings, repairs: judgement.repairs?.map(\.sentence))
                .isEmpty
        {
            print("")
            PlausibilityPresentation.show(judgement)
        }
        if !metrics.isEmpty { print("\n" + MetricsPresentation.table(metrics)) }
    }
}
