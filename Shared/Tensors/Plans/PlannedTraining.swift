import Documents
import Faults

/// What a planner decided, beside the network, of the training that the plan is for: a recipe that says nothing else
/// follows it.
package struct PlannedTraining: Sendable, Equatable, Codable {
    /// Crops per step.
    package var batchSize = 2
    /// Whether the loss of deep supervision sums Dice over the crops of a step.
    package var batchDice = false
    /// nnU-Net's name of the planner, such as `ExperimentPlanner`.
    package var planner: String?

    package init(batchSize: Int, batchDice: Bool, planner: String? = nil) {
        self.batchSize = batchSize
        self.batchDice = batchDice
        self.planner = planner
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case batchSize, batchDice, planner
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        try values.read(.batchSize, into: &batchSize)
        try values.read(.batchDice, into: &batchDice)
        try values.read(.planner, into: &planner)
    }
}
