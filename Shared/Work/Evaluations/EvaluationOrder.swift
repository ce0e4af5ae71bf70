import Cryptography
import Documents
package import JobEngine
package import Metrics
package import Studies

/// A wish to measure one model version over one split of a data set.
///
/// The jobs are laid out as a whole: for each case (preprocess-volume →) segment-volume → evaluate-segmentation, and
/// one summarize-evaluation that waits for all. Every key says what a job depends on, so that an order repeated, or
/// another one over the same cases, finds the jobs there are and makes only what is missing.
package struct EvaluationOrder: Sendable {
    package var model: ModelVersion
    /// How the model wants its images: `Plan.inferenceSignature()`. Cases made so already need no preprocessing.
    package var preprocessing: String
    package var snapshot: DataSetSnapshot
    /// Nil: all cases.
    package var split: String?
    package var options: MetricOptions
    package var repairs: Bool
    /// Whether cases that failed are left out, instead of being tried anew.
    package var skipsFailed: Bool
    /// Of the program, for the evaluation's name.
    package var release: String
    package var priority: Priority

    package static let allCases = "all"

    package init(
        model: ModelVersion, preprocessing: String, snapshot: DataSetSnapshot, split: String?,
        options: MetricOptions = MetricOptions(),
        repairs: Bool = false, skipsFailed: Bool = false, release: String, priority: Priority = .bulk
    ) {
        self.model = model
        self.preprocessing = preprocessing
        self.snapshot = snapshot
        self.split = split
        self.options = options
        self.repairs = repairs
        self.skipsFailed = skipsFailed
        self.release = release
        self.priority = priority
    }

    package var cases: [SourceCase] { snapshot.cases.filter { split == nil || $0.split == split } }

    package func identity() throws -> Evaluation.Identity {
        Evaluation.Identity(
            tenant: snapshot.tenant, dataSet: snapshot.dataSet, snapshot: snapshot.digest,
            split: split ?? Self.allCases,
            modelName: model.name, modelVersion: model.version, codeVersion: Revision.codeVersion(release: release),
            optionsJSON: try CanonicalJSON.string(options), repairs: repairs)
    }

    /// What an order led to.
    package struct Placed: Sendable {
        package var evaluation: Evaluation
        /// Jobs made now; the others were there.
        package var newJobs: Int
        /// Jobs that had ended without success and are tried anew.
        package var revivedJobs: Int
    }

    /// Makes what is missing and tries anew what failed. Throws as the store does; a repeat after a failure goes on
    /// where it stopped.
    package func place(in store: any JobStore, _ catalog: any Catalog, actor: String) async throws -> Placed {
        let identity = try identity()
        var placing = Placing(store: store, actor: actor, revives: !skipsFailed)
        let preparing = try await placing.place(cases.map { try preparation($0) })
        let segmenting = try await placing.place(zip(cases, preparing).map { try segmentation($0, after: $1) })
        let measuring = try await placing.place(zip(cases, segmenting).map { try measurement($0, after: $1) })
        let members = zip(cases, zip(segmenting, measuring)).compactMap { one, jobs -> Evaluation.Case? in
            guard let segmentation = jobs.0, let measurement = jobs.1 else { return nil }
            return Evaluation.Case(
                name: one.name, segmentation: segmentation, measurement: measurement,
                volume: one.volume.address, truth: one.truth.address)
        }
        var evaluation = Evaluation(
            id: EvaluationID(try DerivedID(of: identity).uuid), identity: identity, cases: members, summaryJob: nil)
        // The evaluation stands before its last job, which reads it.
        try await catalog.register(evaluation, of: snapshot, actor: actor)
        let failed = skipsFailed ? try await placing.failed(measuring.compactMap { $0 }) : []
        placing.revives = true
        evaluation.summaryJob = try await placing.place([summary(evaluation, without: failed)])[0]
        try await catalog.register(evaluation, of: snapshot, actor: actor)
        return Placed(evaluation: evaluation, newJobs: placing.inserted, revivedJobs: placing.revived)
    }

    // MARK: Requests

    /// Nil: the case is prepared as the model wants it.
    private func preparation(_ one: SourceCase) throws -> JobRequest? {
        guard one.prepared.planDigest != preprocessing else { return nil }
        return try JobRequest(
            PreprocessVolume(order: StudyOrder(pipeline: .evaluate, model: model.reference)),
            tenant: snapshot.tenant, priority: priority,
            deduplicationKey: key("prepare", model.reference.rawValue, one.volume.address.rawValue),
            inputs: [one.volume, model.weights])
    }

    private func segmentation(_ one: SourceCase, after preparing: JobID?) throws -> JobRequest {
        let order = StudyOrder(
            pipeline: .evaluate, model: model.reference, repairs: repairs ? true : nil, names: .usual)
        return try JobRequest(
            SegmentVolume(order: order), tenant: snapshot.tenant, priority: priority,
            deduplicationKey: key(
                "segment", model.reference.rawValue, one.volume.address.rawValue, repairs ? "repaired" : "as-is",
                "revision-\(Revision.segmentation)"),
            parents: preparing.map { [$0] } ?? [],
            inputs: [one.volume, model.weights] + (preparing == nil ? [one.prepared.image] : []))
    }

    private func measurement(_ one: SourceCase, after segmenting: JobID?) throws -> JobRequest? {
        guard let segmenting else { return nil }
        let order = StudyOrder(
            pipeline: .evaluate, model: model.reference, dataSet: snapshot.dataSet, caseName: one.name)
        let options = try CanonicalJSON.string(options)
        return try JobRequest(
            EvaluateSegmentation(order: order, optionsJSON: options), tenant: snapshot.tenant, priority: priority,
            deduplicationKey: key(
                "measure", segmenting.description, one.name, one.truth.address.rawValue, "revision-\(Revision.metrics)",
                options),
            parents: [segmenting], inputs: [one.truth])
    }

    private func summary(_ evaluation: Evaluation, without failed: Set<JobID>) throws -> JobRequest {
        let members = evaluation.cases.map(\.measurement).filter { !failed.contains($0) }
        return try JobRequest(
            SummarizeEvaluation(evaluation: evaluation.id), tenant: snapshot.tenant, priority: priority,
            deduplicationKey: key(
                "summarize", evaluation.id.description, DerivedID(of: members).description),
            parents: members)
    }

    private func key(_ parts: String...) -> String { (["evaluation"] + parts).joined(separator: "/") }
}
