import Foundation
import Learning
import Studies
import TensorCore

/// What a run tells, in the words of the job's books.
enum RunNews: Codable {
    case planned(mebibytes: Int)
    case progress(Double, note: String)
    case epoch(EpochMetrics)
    case remark(TrainingRemark)
}

/// Puts a trainer's events into those words, with the time that they took.
struct RunTeller {
    private var clock = EpochClock()

    /// What the trainer waited for until here is no step's time.
    mutating func beginSteps() { clock.beginSteps() }

    /// Nil: nothing to write.
    mutating func news(of event: TrainingEvent) -> RunNews? {
        switch event {
        case .planned(let plan):
            clock.beginSteps()
            return .planned(mebibytes: plan.bytes >> 20)
        case .step(let step):
            clock.step(waited: step.waitedSeconds)
            return .progress(
                0.98 * Double(step.step) / Double(step.steps),
                note: String(format: "epoch %d, step %d of %d, loss %.3f", step.epoch, step.step, step.steps, step.loss)
            )
        case .validating: return nil
        case .epoch(let summary): return .epoch(clock.end(summary))
        case .returned(let step, let former, let factor):
            clock.beginSteps()
            return .remark(
                TrainingRemark(
                    .returned,
                    "the loss of step \(step) was no number: the run went back to step \(former), and its learning rate is \(factor) of what the recipe says from there"
                ))
        }
    }
}
