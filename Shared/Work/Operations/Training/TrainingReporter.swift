import Anatomy
import Documents
import Faults
package import Foundation
package import JobEngine
import Learning
import Reports
import Studies
import Threads

/// Writes a report on a training from what PostgreSQL has.
package struct TrainingReporter: Sendable {
    private let report: TrainingReport

    /// - Throws: `OperationError` (`missing`) for what is no training.
    package init(_ id: JobID, in system: SystemConnection) async throws {
        let detail = try await system.trainingDetail(id)
        let order = detail.run.order
        let cases = (order?.cases ?? []) + (order?.validation ?? [])
        let training = order?.cases?.count ?? 0
        report = TrainingReport(
            title: "\(order?.model.name ?? "model") on \(order?.dataSet ?? "an unknown data set")"
                + (order?.fold.map { ", fold \($0)" } ?? ""),
            facts: Self.facts(detail), epochs: detail.epochs.map(Self.epoch),
            bestEpoch: detail.run.tally?.bestEpoch,
            remarks: detail.remarks.map(\.remark.remark), models: detail.models.map(\.version).map(Self.model),
            cases: cases.enumerated().map { place, one in
                TrainingReport.Case(
                    name: one.name, use: place < training ? "train" : "validation",
                    image: one.image.address.description, label: one.label.address.description)
            },
            snapshot: cases.isEmpty ? nil : try cases.digest(),
            recipe: Self.document(order?.recipeJSON), plan: Self.document(order?.planJSON))
    }

    /// - Returns: the page to open.
    package func write(to folder: URL) async throws -> URL {
        let report = report
        try await OwnThread.run { try ReportWriter.write(report, to: folder) }
        return folder.appending(path: "training.html")
    }

    private static func facts(_ detail: TrainingDetail) -> [TrainingReport.Fact] {
        let (run, job) = (detail.run, detail.run.job)
        let versions = Set(detail.attempts.map(\.codeVersion)).filter { !$0.isEmpty }.sorted()
        let facts: [(String, String?)] = [
            ("job", job.id.description), ("state", run.state.rawValue),
            ("note", job.failure?.description ?? job.progressNote),
            ("tenant", job.tenant.rawValue), ("data set", run.order?.dataSet),
            ("fold", run.order?.fold.map(String.init)),
            ("goes on from", run.order?.continues), ("begins with", run.order?.startsFrom?.rawValue),
            ("epochs", "\(run.tally?.epoch ?? 0) of \(run.epochs.map(String.init) ?? "?")"),
            (
                run.judge == .pseudoDice ? "best Dice on patches (running average)" : "best validation Dice",
                run.tally?.bestDice.map { Wording.ratio($0) }
            ),
            ("best epoch", run.tally?.bestEpoch.map(String.init)),
            ("attempts", "\(detail.attempts.count)"), ("code", versions.joined(separator: ", ")),
            ("ordered", Wording.time(job.createdAt)), ("started", Wording.time(job.startedAt)),
            ("finished", Wording.time(job.finishedAt)),
        ]
        return facts.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : TrainingReport.Fact(name, $0) }
        }
    }

    private static func model(_ version: ModelVersion) -> TrainingReport.Model {
        TrainingReport.Model(
            name: version.reference.rawValue,
            facts: [
                TrainingReport.Fact("weights", version.variant?.rawValue ?? ModelVariant.best.rawValue),
                TrainingReport.Fact("promoted", version.isPromoted ? "yes" : "no"),
                TrainingReport.Fact("validation Dice", Wording.ratio(version.validationDice)),
                TrainingReport.Fact("address", version.weights.address.description),
            ])
    }

    private static func epoch(_ metrics: EpochMetrics) -> TrainingReport.Epoch {
        var epoch = TrainingReport.Epoch(
            number: metrics.epoch, loss: metrics.trainingLoss, learningRate: metrics.learningRate,
            seconds: metrics.seconds)
        (epoch.diceLoss, epoch.crossEntropy) = (metrics.diceLoss, metrics.crossEntropy)
        (epoch.validationDice, epoch.pseudoDice) = (metrics.validationDice, metrics.meanPseudoDice)
        epoch.validationLoss = metrics.validationLoss
        (epoch.waitedShare, epoch.peakMemoryInBytes) = (metrics.waitedShare, metrics.peakMemoryInBytes)
        epoch.validationDiceByClass = (metrics.validationDiceByClass ?? [:]).compactMap { key, value in
            UInt8(key).map { (label: $0, value: value) }
        }.sorted { $0.label < $1.label }.map { label, value in
            (LabelSet.spine25.name(of: label) ?? "label \(label)", value)
        }
        return epoch
    }

    private static func document(_ json: String?) -> String { json.map { JSONValue(orText: $0).text } ?? "" }
}
