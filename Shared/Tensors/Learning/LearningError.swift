package import Faults

/// What can go wrong while learning. Equality is by `code`.
package struct LearningError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        /// A setting of the recipe is out of range or contradicts the plan.
        case invalidRecipe = "invalid-recipe"
        /// No case to train on, or a case whose image and labels don't lie on one grid, or labels beyond the network's
        /// classes.
        case unusableCases = "unusable-cases"
        /// Training needs more memory than it may have.
        case memoryLimit = "memory-limit"
        /// The loss is no longer a number.
        case diverged
        /// The file isn't a checkpoint, or belongs to another recipe, plan or network.
        case unreadableCheckpoint = "unreadable-checkpoint"
    }

    package let code: Code
    /// A lower-case sentence: the fact, the value, what was expected.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package var blame: Blame {
        switch code {
        case .memoryLimit: .machine
        default: .input
        }
    }
}
