import ArgumentParser
import Console
import JobEngine
import Metrics
import Operations

/// What `evaluate` and `compare` ask of a data set and its metrics.
struct EvaluationOptions: ParsableArguments {
    @Option(name: [.customLong("data-set"), .customLong("dataset")], help: "The data set whose cases are measured.")
    var dataSet: String?

    @Option(help: "Which of its cases: test, train, a split of your own, or all.")
    var split = "test"

    @Option(
        name: .customLong("tolerance"),
        help: ArgumentHelp(
            "A further tolerance of boundary F1 and surface Dice beside 1.5 and 3 mm; again for more.", valueName: "mm"),
        in: .from(0))
    var tolerances: [Double] = []

    @Option(help: "What ratios say of classes that a map lacks: undefined, monai, nnu-net or miseval.")
    var emptyClasses = EmptyClassPolicy.undefined

    @Flag(inversion: .prefixedNo, help: "Measure distances between marching-cubes surfaces too.")
    var mesh = true

    @Flag(help: "Repair label maps where that is unambiguous; metrics are kept with and without.")
    var repair = false

    @Flag(help: "Sum up what is measured and leave out the cases that failed, instead of trying them anew.")
    var skipFailed = false

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.bulk

    /// Beside the tolerances that tables and views show, those that were named.
    func request() throws -> EvaluationRequest {
        guard let dataSet else { throw ValidationError("name the data set with --data-set") }
        let shown = Set(MetricOptions().tolerancesInMillimetres + tolerances)
        var request = EvaluationRequest(dataSet: dataSet, split: split, tenant: tenant)
        request.metrics = MetricOptions(
            tolerancesInMillimetres: shown.sorted(), emptyClasses: emptyClasses, measuresMeshes: mesh)
        request.repairs = repair
        request.skipsFailed = skipFailed
        request.priority = priority
        return request
    }
}
