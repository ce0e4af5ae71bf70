package import JobEngine

extension JobKind {
    static let training = [TrainModel.kind]
}

/// Makes the next version of a model from a data set.
package struct TrainModel: JobDefinition {
    package static let kind = JobKind(
        "train-model", of: .training, limits: .hours(running: 30 * 24, noProgress: 12), finishesOnRequest: true)

    package var model: ModelReference
    package var dataSet: String
    /// JSON of the plan and of the recipe, as `Plans` and `Learning` define them.
    package var planJSON: String
    package var recipeJSON: String
    /// The data set's cases when the training was ordered: later imports do not change it, so that it can be resumed
    /// and repeated to the same bytes. Nil: the cases at the start of the attempt.
    package var cases: [DataSetCase]?

    package init(
        model: ModelReference, dataSet: String, planJSON: String, recipeJSON: String, cases: [DataSetCase]? = nil
    ) {
        self.cases = cases
        self.model = model
        self.dataSet = dataSet
        self.planJSON = planJSON
        self.recipeJSON = recipeJSON
    }
}
