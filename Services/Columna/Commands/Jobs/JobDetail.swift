import Console
import Documents
import Foundation
import JobEngine
import Metrics
import Operations

/// All that is known of one job.
struct JobDetail: Sendable {
    let job: JobRecord
    /// Nil for a job outside any study, such as a training.
    let study: Study?
    let attempts: [JobAttempt]
    let artifacts: [JobArtifact]
    let parents: [JobID]
    let children: [JobID]
    let epochs: [EpochMetrics]
    let metrics: [ClassMetrics]
    /// Nil unless it segmented.
    let judgement: SegmentationJudgement?

    init(_ id: JobID, in system: SystemConnection) async throws {
        guard let job = try await system.store.job(id) else {
            throw CommandFailure(.failed, "there is no job \(id); see `columna jobs list`")
        }
        self.job = job
        study = if let id = job.study { try await system.catalog.study(id) } else { nil }
        attempts = try await system.store.attempts(of: id)
        artifacts = try await system.store.artifacts(of: id)
        parents = try await system.store.parents(of: id)
        children = try await system.store.children(of: id)
        judgement = try await system.catalog.judgement(of: id)
        epochs = job.kind == .trainModel ? try await system.catalog.epochs(of: id) : []
        metrics = try await system.metrics(of: job.kind == .evaluateSegmentation ? id : nil)
    }

    func json(_ system: SystemConnection) -> JSONValue {
        guard case .object(var members) = JobPresentation.json(job) else { return nil }
        members += [
            (key: "message_id", value: JSONValue(study?.messageID)),
            (key: "attempts", value: JSONValue(attempts.map(JobPresentation.json))),
            (
                key: "inputs",
                value: JSONValue(artifacts.filter(\.isInput).map { JobPresentation.json($0.reference, system) })
            ),
            (
                key: "outputs",
                value: JSONValue(artifacts.filter { !$0.isInput }.map { JobPresentation.json($0.reference, system) })
            ),
            (key: "parents", value: JSONValue(parents.map { JSONValue($0.description) })),
            (key: "children", value: JSONValue(children.map { JSONValue($0.description) })),
        ]
        if job.kind == .trainModel { members.append((key: "epochs", value: JSONValue(epochs.map(Self.json)))) }
        if let judgement { members.append((key: "judgement", value: PlausibilityPresentation.json(judgement))) }
        if !metrics.isEmpty { members.append((key: "metrics", value: MetricsPresentation.json(metrics))) }
        return .object(members)
    }

    func show(_ system: SystemConnection) {
        print("\(job.kind.rawValue) \(job.id): \(JobPresentation.state(job))")
        var facts = TextTable("fact", "value")
        facts.add("stage", job.stage.rawValue)
        facts.add("tenant", job.tenant)
        facts.add("priority", job.priority.rawValue)
        facts.add("study", Wording.text(job.study?.uuidString.lowercased()))
        facts.add("message id", Wording.text(study?.messageID))
        facts.add("deduplication key", Wording.text(job.deduplicationKey))
        facts.add("created", Wording.time(job.createdAt))
        facts.add("started", Wording.time(job.startedAt))
        facts.add("finished", Wording.time(job.finishedAt))
        if let runAt = job.runAt, !job.state.isTerminal { facts.add("not before", Wording.time(runAt)) }
        facts.add("attempt", String(job.attempt))
        facts.add("progress", "\(Wording.percent(job.progress)) \(job.progressNote)")
        if let failure = job.failure { facts.add("failure", "\(failure.class.rawValue), \(failure.description)") }
        facts.add("parameters", JobPresentation.parameters(job))
        facts.add("parents", parents.isEmpty ? "-" : parents.map(\.description).joined(separator: " "))
        facts.add("children", children.isEmpty ? "-" : children.map(\.description).joined(separator: " "))
        print(facts.text)
        showAttempts()
        showArtifacts(system)
        if !epochs.isEmpty { print("\n" + Self.table(epochs)) }
        if let judgement {
            print("\n" + PlausibilityPresentation.table(judgement))
            PlausibilityPresentation.show(judgement)
        }
        if !metrics.isEmpty { print("\n" + MetricsPresentation.table(metrics)) }
    }

    private func showAttempts() {
        guard !attempts.isEmpty else { return }
        var table = TextTable("started", ">seconds", "outcome", "worker", "failure")
        for attempt in attempts {
            let seconds = attempt.endedAt.map { $0.timeIntervalSince(attempt.startedAt) }
            table.add(
                Wording.time(attempt.startedAt), Wording.ratio(seconds, digits: 1), attempt.outcome ?? "running",
                attempt.worker,
                attempt.failure?.description ?? "")
        }
        print("\n" + table.text)
    }

    private func showArtifacts(_ system: SystemConnection) {
        guard !artifacts.isEmpty else { return }
        var table = TextTable("", "artifact", ">size", "address or path")
        for artifact in artifacts {
            let reference = artifact.reference
            table.add(
                artifact.isInput ? "read" : "wrote", reference.role, Wording.bytes(reference.byteCount),
                system.path(of: reference.address) ?? reference.address)
        }
        print("\n" + table.text)
    }

    static func table(_ epochs: [EpochMetrics]) -> String {
        var table = TextTable(">epoch", ">loss", ">validation dice", ">learning rate", ">seconds")
        for epoch in epochs {
            table.add(
                String(epoch.epoch), Wording.ratio(epoch.trainingLoss), Wording.ratio(epoch.validationDice),
                "\(epoch.learningRate)",
                Wording.ratio(epoch.seconds, digits: 1))
        }
        return table.text
    }

    static func json(_ epoch: EpochMetrics) -> JSONValue {
        [
            "epoch": JSONValue(epoch.epoch), "training_loss": JSONValue(epoch.trainingLoss),
            "validation_dice": JSONValue(epoch.validationDice), "learning_rate": JSONValue(epoch.learningRate),
            "seconds": JSONValue(epoch.seconds),
        ]
    }
}
