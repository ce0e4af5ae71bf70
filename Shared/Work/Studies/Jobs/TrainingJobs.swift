package import JobEngine

extension JobKind {
    static let training = [TrainModel.kind]
}

/// Makes the next version of a model from a data set.
package struct TrainModel: JobDefinition {
    /// A checkpoint among its inputs is where it goes on from, weights are what it begins with.
    package static let kind = JobKind(
        "train-model", of: .training, inputs: [.checkpoint, .weights], limits: .hours(running: 30 * 24, noProgress: 12),
        finishesOnRequest: true)
    package static let customaryMinutesBetweenCheckpoints = 5.0

    package var model: ModelReference
    package var dataSet: String
    /// JSON of the plan and of the recipe, as `Plans` and `Learning` define them.
    package var planJSON: String
    package var recipeJSON: String
    /// The data set's cases when the training was ordered: later imports do not change it, so that it can be resumed
    /// and repeated to the same bytes. Nil: the cases at the start of the attempt.
    package var cases: [DataSetCase]?
    /// Those that it is validated on, beside `cases`, likewise. Nil: the recipe says which of `cases` are.
    package var validation: [DataSetCase]?
    /// Of the data set's folds, the one that gave both.
    package var fold: Int?
    /// Nil: five.
    package var minutesBetweenCheckpoints: Double?
    /// The training that it goes on from.
    package var continues: String?
    /// The version whose weights it begins with; nil: by the recipe's seed.
    package var startsFrom: ModelReference?
    /// The round of corrections that began it; nil: somebody asked.
    package var correctionRound: Int?

    package init(
        model: ModelReference, dataSet: String, planJSON: String, recipeJSON: String, cases: [DataSetCase]? = nil,
        validation: [DataSetCase]? = nil, fold: Int? = nil, minutesBetweenCheckpoints: Double? = nil
    ) {
        self.cases = cases
        self.validation = validation
        self.fold = fold
        self.minutesBetweenCheckpoints = minutesBetweenCheckpoints
        self.model = model
        self.dataSet = dataSet
        self.planJSON = planJSON
        self.recipeJSON = recipeJSON
    }
}
