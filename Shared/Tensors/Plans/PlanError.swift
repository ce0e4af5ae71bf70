package import Faults

/// What can be wrong with a plan, a model file, or an image that is to follow a plan. Equality is by `code`.
package typealias PlanError = CodedFault<PlanErrorCode>

package enum PlanErrorCode: String, FaultCode {
    /// A decision of the plan contradicts another or is out of range.
    case invalidPlan = "invalid-plan"
    /// The JSON is not a plan, or a plan of a schema this version doesn't know.
    case unreadablePlan = "unreadable-plan"
    /// A voxel of the image is NaN or infinite.
    case voxelNotFinite = "voxel-not-finite"
    /// The labels don't lie on the image's grid.
    case labelGridMismatch = "label-grid-mismatch"
    /// There is nothing that a training crop could be drawn around.
    case emptyForeground = "empty-foreground"
    /// The file isn't a model of ours: no plan in it, or weights that don't fit the plan's network.
    case unreadableModel = "unreadable-model"

    package var blame: Blame { .input }
}
