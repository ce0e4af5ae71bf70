package import Faults

/// What can go wrong while learning. Equality is by `code`.
package typealias LearningError = CodedFault<LearningErrorCode>

package enum LearningErrorCode: String, FaultCode {
    /// A setting of the recipe is out of range or contradicts the plan.
    case invalidRecipe = "invalid-recipe"
    /// It is no recipe, or has a key, a word or a schema that this program doesn't know.
    case unreadableRecipe = "unreadable-recipe"
    /// No case to train on, or a case whose image and labels don't lie on one grid, or labels beyond the network's
    /// classes.
    case unusableCases = "unusable-cases"
    /// Training needs more memory than it may have.
    case memoryLimit = "memory-limit"
    /// The loss is no longer a number.
    case diverged
    /// Ranks that made the same steps hold other weights.
    case ranksDiffer = "ranks-differ"
    /// The file isn't a checkpoint, or belongs to another recipe, plan or network.
    case unreadableCheckpoint = "unreadable-checkpoint"

    package var blame: Blame {
        switch self {
        case .memoryLimit, .ranksDiffer: .machine
        default: .input
        }
    }
}
