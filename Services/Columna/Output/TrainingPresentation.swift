import Console
import Documents
import JobEngine
import Operations
import Studies

/// How trainings look in tables and on a terminal.
enum TrainingPresentation {
    static func table(_ runs: [TrainingRun]) -> String {
        var table = TextTable("job", "model", "data set", "state", ">epoch", ">loss", ">best dice", ">left", "note")
        for run in runs {
            let fold = run.order?.fold.map { " fold \($0)" } ?? ""
            table.add(
                run.job.id.description, Wording.text(run.order?.model.name),
                Wording.text(run.order?.dataSet) + fold, run.state.rawValue,
                "\(run.tally?.epoch ?? 0) of \(run.epochs.map(String.init) ?? "?")",
                Wording.ratio(run.tally?.trainingLoss), Wording.ratio(run.tally?.bestDice),
                run.secondsLeft.map(Wording.duration) ?? "-", note(run))
        }
        return table.text
    }

    /// With what became of it, where corrections began it.
    private static func note(_ run: TrainingRun) -> String {
        let round = run.round.map { "round \($0.number) of corrections: \($0.state)" }
        return [round, JobPresentation.note(run.job)].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// One epoch in one line.
    static func line(_ epoch: EpochMetrics) -> String {
        var parts = ["epoch \(epoch.epoch): loss \(Wording.ratio(epoch.trainingLoss))"]
        if let loss = epoch.validationLoss { parts.append("on validation patches \(Wording.ratio(loss))") }
        if let dice = epoch.validationDice { parts.append("validation Dice \(Wording.ratio(dice))") }
        if let dice = epoch.meanPseudoDice { parts.append("Dice on patches \(Wording.ratio(dice))") }
        parts.append("rate \(Wording.rate(epoch.learningRate))")
        if let share = epoch.waitedShare { parts.append("waited \(Wording.percent(share))") }
        parts.append(Wording.duration(epoch.seconds))
        return parts.joined(separator: ", ")
    }

    /// Of a run under way: its line, then losses and Dice over its epochs, in as many lines as the terminal has room for.
    static func curves(_ job: JobRecord, _ epochs: [EpochMetrics], of whole: Int?) -> [String] {
        let head =
            "\(JobPresentation.state(job)), epoch \(epochs.last?.epoch ?? 0) of \(whole.map(String.init) ?? "?"): \(job.progressNote)"
        let width = ScreenBlock.columns - 1
        let charts = CurveChart.training(epochs)
        let height = max(3, min(8, (ScreenBlock.rows - 1) / charts.count - 2))
        return [String(head.prefix(width))] + charts.flatMap { $0.lines(width: width, height: height) }
    }

    /// What there was to say of it, and what it made.
    static func show(_ detail: TrainingDetail) {
        for noted in detail.remarks { print("note: \(noted.remark.remark)") }
        let models = detail.models.map(\.version)
        guard let best = models.first else { return print("it made no model: \(detail.run.job.progressNote)") }
        print("made \(best.reference): \(detail.run.job.progressNote)")
        for model in models.dropFirst() {
            print(
                "made \(model.reference) of the \(model.variant?.rawValue ?? "") weights, validation Dice \(Wording.ratio(model.validationDice))"
            )
        }
        if !best.isPromoted { print(ModelsPromoteCommand.hint(best.reference)) }
    }
}
