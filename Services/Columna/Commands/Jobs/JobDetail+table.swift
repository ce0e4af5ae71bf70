import Console
import Documents
import Foundation
import JobEngine
import Operations
import Studies

extension JobDetail {
    func show() {
        print("\(job.kind.rawValue) \(job.id): \(JobPresentation.state(job))")
        var facts = TextTable("fact", "value")
        facts.add("stage", job.stage.rawValue)
        facts.add("tenant", job.tenant.rawValue)
        facts.add("priority", job.priority.rawValue)
        facts.add("study", Wording.text(job.study?.description))
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
        showArtifacts()
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

    private func showArtifacts() {
        guard !artifacts.isEmpty else { return }
        var table = TextTable("", "artifact", ">size", "address or path")
        for artifact in artifacts {
            table.add(
                artifact.isInput ? "read" : "wrote", artifact.reference.role,
                Wording.bytes(artifact.reference.byteCount), artifact.place)
        }
        print("\n" + table.text)
    }

    static func table(_ epochs: [EpochMetrics]) -> String {
        var table = TextTable(
            ">epoch", ">loss", ">validation dice", ">dice on patches", ">learning rate", ">seconds", ">waited",
            ">peak memory")
        for epoch in epochs {
            table.add(
                String(epoch.epoch), Wording.ratio(epoch.trainingLoss), Wording.ratio(epoch.validationDice),
                Wording.ratio(epoch.meanPseudoDice), Wording.rate(epoch.learningRate),
                Wording.ratio(epoch.seconds, digits: 1),
                epoch.waitedShare.map(Wording.percent) ?? "-", epoch.peakMemoryInBytes.map(Wording.bytes) ?? "-")
        }
        return table.text
    }
}
