package import JobEngine

/// The kinds of jobs on studies: the one place that declares them. `columna migrate` tells the database their limits,
/// and `Contract/schemas/common.schema.json` lists their names.
extension JobKind {
    package static let all: [JobKind] = [
        retrieveStudy, ingestStudy, preprocessVolume, trainModel, segmentVolume, evaluateSegmentation,
        summarizeEvaluation, compareEvaluations, deliverSegmentation, rehearsal,
    ]

    /// Fetches a study from an archive.
    package static let retrieveStudy = JobKind(
        "retrieve-study", of: .ingestion, limits: .hours(running: 12), patienceInHours: 72)

    package static let ingestStudy = JobKind(
        "ingest-study", of: .ingestion, inputs: [Role.instances], limits: .hours(running: 4))

    package static let preprocessVolume = JobKind(
        "preprocess-volume", of: .preprocessing, inputs: [Role.volume, Role.truth, Role.weights, Role.sourceSeries],
        limits: .hours(running: 4))

    package static let trainModel = JobKind(
        "train-model", of: .training, limits: .hours(running: 30 * 24, noProgress: 12))

    package static let segmentVolume = JobKind(
        "segment-volume", of: .inference,
        inputs: [Role.volume, Role.truth, Role.networkImage, Role.weights, Role.sourceSeries],
        limits: .hours(running: 12, noProgress: 2))

    package static let evaluateSegmentation = JobKind(
        "evaluate-segmentation", of: .evaluation,
        inputs: [Role.volume, Role.truth, Role.labelMap, Role.unrepairedLabelMap], limits: .hours(running: 4))

    /// Joins the cases of an evaluation.
    package static let summarizeEvaluation = JobKind(
        "summarize-evaluation", of: .evaluation, limits: .hours(running: 4))

    package static let compareEvaluations = JobKind("compare-evaluations", of: .evaluation, limits: .hours(running: 4))

    /// Sends a label map to an archive as a DICOM segmentation. Of the stage ingestion: the one that knows the
    /// hospital's archives.
    package static let deliverSegmentation = JobKind(
        "deliver-segmentation", of: .ingestion, inputs: [Role.labelMap, Role.sourceSeries, Role.weights],
        limits: .hours(running: 4), patienceInHours: 72)

    /// Does nothing, or what its parameters script; for benchmarks and the kill test.
    package static let rehearsal = JobKind("rehearsal", of: .evaluation, limits: .hours(running: 1))

    /// The kinds of a stage that this program knows.
    package static func known(of stage: Stage) -> [JobKind] { all.filter { $0.stage == stage } }
}

extension ClaimRequest {
    /// Of all kinds of the stage that this program knows.
    package init(
        stage: Stage, worker: String, limit: Int = 1, leaseInSeconds: Double = 120, codeVersion: String = ""
    ) {
        self.init(
            stage: stage, kinds: JobKind.known(of: stage), worker: worker, limit: limit, leaseInSeconds: leaseInSeconds,
            codeVersion: codeVersion)
    }
}
