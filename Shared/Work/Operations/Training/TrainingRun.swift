package import Documents
import Faults
import Foundation
package import JobEngine
package import Learning
package import Studies

/// A training as a list shows it: what it learns, how far it is, and how long it will take.
package struct TrainingRun: Documented {
    package enum State: String, Sendable, CaseIterable {
        case waiting, queued, running, paused
        /// Asked to end with what it has.
        case finishing
        case succeeded
        /// It succeeded before its last epoch, as it was asked to.
        case stopped
        case dead, cancelled
        /// A word of a newer program.
        case other
    }

    package let job: JobRecord
    /// Nil: a newer program's order that this one cannot read.
    package let order: TrainModel?
    /// How many the recipe wants.
    package let epochs: Int?
    /// What its best epoch is chosen by; nil: as `epochs`.
    package let judge: Recipe.Judge?
    /// With the epochs of the run that it goes on from. Nil: no epoch has ended.
    package let tally: EpochTally?
    /// That corrections began, and what its gate decided; nil: somebody asked for the training.
    package let round: CorrectionRoundStatus?

    init(_ job: JobRecord, _ tally: EpochTally?, _ round: CorrectionRoundStatus? = nil) {
        self.job = job
        self.tally = tally
        self.round = round
        order = try? TrainModel(of: job)
        let recipe = order.flatMap { try? Recipe(json: Data($0.recipeJSON.utf8)) }
        (epochs, judge) = (recipe?.epochs, recipe?.judge)
    }

    package var state: State {
        switch job.state {
        case .running where job.isPaused, .waiting where job.isPaused, .queued where job.isPaused: .paused
        case .running where job.finishRequested, .waiting where job.finishRequested, .queued where job.finishRequested:
            .finishing
        case .waiting: .waiting
        case .queued: .queued
        case .running: .running
        case .succeeded: isCutShort ? .stopped : .succeeded
        case .dead: .dead
        case .cancelled: .cancelled
        case .unknown: .other
        }
    }

    /// Whether it was asked to end, and ended before its last epoch.
    package var isCutShort: Bool {
        job.finishRequested && (tally?.epoch ?? 0) < (epochs ?? 0)
    }

    /// Of a run under way, as its latest epochs went; nil before the first has ended.
    package var secondsLeft: Double? {
        guard state == .running, let tally, let epochs else { return nil }
        // The job's progress is finer than its epochs, and ends at 0.98: the rest is for storing.
        let done = max(Double(tally.epoch), min(1, job.progress / 0.98) * Double(epochs))
        return max(0, Double(epochs) - done) * tally.secondsPerEpoch
    }

    package var document: JSONValue { .object(members) }

    var members: [(key: String, value: JSONValue)] {
        [
            (key: "job", value: JSONValue(job.id.description)), (key: "state", value: JSONValue(state.rawValue)),
            (key: "job_state", value: JSONValue(job.state.rawValue)), (key: "tenant", value: JSONValue(job.tenant)),
            (key: "model", value: JSONValue(order?.model.name)), (key: "data_set", value: JSONValue(order?.dataSet)),
            (key: "fold", value: JSONValue(order?.fold)), (key: "continues", value: JSONValue(order?.continues)),
            (key: "starts_from", value: JSONValue(order?.startsFrom)),
            (key: "correction_round", value: JSONValue(order?.correctionRound)),
            (key: "gate", value: JSONValue(round?.state)),
            (key: "epoch", value: JSONValue(tally?.epoch ?? 0)), (key: "epochs", value: JSONValue(epochs)),
            (key: "training_loss", value: JSONValue(tally?.trainingLoss)),
            (key: "best_dice", value: JSONValue(tally?.bestDice)),
            (key: "judge", value: JSONValue(judge?.rawValue)),
            (key: "best_epoch", value: JSONValue(tally?.bestEpoch)),
            (key: "seconds_per_epoch", value: JSONValue(tally?.secondsPerEpoch)),
            (key: "seconds_left", value: JSONValue(secondsLeft)), (key: "progress", value: JSONValue(job.progress)),
            (key: "progress_note", value: JSONValue(job.progressNote)),
            (key: "failure", value: job.failure.map(\.document) ?? nil),
            (key: "created_at", value: JSONValue(job.createdAt)), (key: "started_at", value: JSONValue(job.startedAt)),
            (key: "finished_at", value: JSONValue(job.finishedAt)),
        ]
    }
}

/// All that is known of one training.
package struct TrainingDetail: Documented {
    package let run: TrainingRun
    package let epochs: [EpochMetrics]
    /// Oldest first.
    package let remarks: [NotedRemark]
    /// What it has left: the best weights first.
    package let models: [StoredModel]
    package let attempts: [JobAttempt]

    init(_ run: TrainingRun, in system: SystemConnection) async throws {
        self.run = run
        epochs = try await system.catalog.epochs(of: run.job.id)
        remarks = try await system.catalog.remarks(of: run.job.id)
        models = try await system.catalog.models(of: run.job.id).map { StoredModel($0, in: system) }
        attempts = try await system.store.attempts(of: run.job.id)
    }

    package var document: JSONValue {
        .object(
            run.members + [
                (key: "remarks", value: JSONValue(remarks.map(\.document))),
                (key: "models", value: JSONValue(models.map(\.document))),
                (key: "history", value: JSONValue(epochs.map(\.document))),
            ])
    }
}
