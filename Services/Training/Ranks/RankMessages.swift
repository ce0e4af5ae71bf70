import Foundation
import JobEngine
import Studies

/// What the worker tells the ranks at their start: the first line that rank 0 reads. All else stands in the checkpoint.
struct RankOrder: Codable {
    /// The worker's; hosts with another program would not compute the same.
    var codeVersion: String
    /// Which store it is.
    var storage: UUID
    var checkpoint: ArtifactReference
    /// May have more epochs than the checkpoint's.
    var recipeJSON: String
    var dataSet: String
    /// Those that learn, then those that validate; of a generated data set none.
    var cases: [DataSetCase]
    var secondsBetweenSaves: Double
    var secondsAfterFailedSave: Double
}

/// What it tells rank 0 afterwards, a word a line. When it tells nothing any more, because it is gone, they end.
enum RankCommand: String {
    /// Save and stand still.
    case stop
    /// End after the step with what there is.
    case finish
}

/// What ranks tell the worker, a line of JSON each.
enum RankEvent: Codable {
    /// All ranks are there.
    case began
    case news(RunNews)
    /// A checkpoint is in storage.
    case stored(ArtifactReference, step: Int)
    case notStored(step: Int, JobFailure)
    /// It stands still, as it was told to.
    case stopped
    /// The run is over; what was stored last is its end.
    case ended
    /// The rank cannot go on.
    case failed(JobFailure)
}
