import Evaluations
import Foundation
import JobEngine
import Metrics
import Persistence
import Plans
import Storage
import Studies
import WorkerRuntime

/// Cases measured by whatever evaluation workers run. It plays the stages before them itself, so none of those may run.
struct EvaluationBenchmark: Sendable {
    let system: SystemConnection
    let truth: URL
    /// Given to the cases in turn.
    let predictions: [URL]
    let cases: Int
    /// A name of its own for tenant, data set and model, so that every run measures anew.
    let name = "benchmark-\(UUID().uuidString.lowercased().prefix(8))"

    struct Result: Sendable {
        var seconds: Double
        /// SHA-256 of all summary rows in order.
        var summaryDigest: String
        var rows: Int
    }

    func run() async throws -> Result {
        for stage in [Stage.preprocessing, .inference] {
            let workers = try await system.store.workers(heardOfWithin: 60).filter {
                $0.stage == stage && $0.state == .running
            }
            guard workers.isEmpty else {
                throw CommandFailure(
                    .failed, "a worker of stage \(stage.rawValue) runs; stop it, this benchmark plays its part")
            }
        }
        try await requireIdle()
        let model = try await prepareModel()
        try await prepareDataSet()
        let order = EvaluationOrder(
            model: model, preprocessing: try Plan().preprocessingSignature(),
            snapshot: try await system.catalog.snapshot(dataSet: name, tenant: name), split: nil,
            release: CodeVersion.release)
        let evaluation = try await order.place(in: system.store, system.catalog, actor: system.actor).evaluation
        try await playInference()
        let follower = EvaluationFollower(system: system)
        try await follower.requireComplete(try await follower.follow(evaluation), evaluation)
        return try await result(evaluation)
    }

    /// Claims go by stage: somebody else's job must not be among them.
    private func requireIdle() async throws {
        for stage in [Stage.preprocessing, .inference] {
            let waiting = try await system.store.jobs(
                JobFilter(states: [.waiting, .queued, .running], stage: stage, limit: 1))
            guard waiting.isEmpty else {
                throw CommandFailure(
                    .failed,
                    "stage \(stage.rawValue) has jobs to do; run this benchmark on a system of its own (`columna local up --services-only`)"
                )
            }
        }
    }

    private func prepareModel() async throws -> ModelVersion {
        let weights = try await stored(Data("no weights: \(name)".utf8), Role.weights)
        let version = try await system.catalog.registerModel(
            ModelVersionDraft(
                name: name, weights: weights, planJSON: String(decoding: try Plan().json(), as: UTF8.self),
                recipeJSON: "{}", dataSet: nil,
                validationDice: nil), actor: system.actor)
        guard let model = try await system.catalog.modelVersion(name: name, version: version) else {
            throw CommandFailure(.failed, "the model was not registered")
        }
        return model
    }

    private func prepareDataSet() async throws {
        let labels = try await stored(try Data(contentsOf: truth), Role.truth)
        func like(_ role: String) -> ArtifactReference {
            ArtifactReference(
                role: role, address: labels.address, byteCount: labels.byteCount, mediaType: labels.mediaType)
        }
        var requests: [JobRequest] = []
        for index in 0..<cases {
            let key = String(format: "case-%04d", index)
            // A volume of its own, which nobody reads: equal ones would be segmented once.
            let volume = try await stored(Data("\(name) \(key)".utf8), Role.volume)
            requests.append(
                JobRequest(kind: .preprocessVolume, tenant: name, deduplicationKey: key, inputs: [volume, labels]))
        }
        _ = try await system.store.enqueue(requests)
        let digest = try Plan().preprocessingSignature()
        try await play(.preprocessing) { job, _ in
            let added = DataSetCase(
                dataSet: name, name: job.deduplicationKey ?? "", tenant: name, image: like(Role.networkImage),
                label: like(Role.networkLabel),
                planDigest: digest)
            return Completion(facts: [.caseAdded(added)])
        }
    }

    private func playInference() async throws {
        var outputs: [ArtifactReference] = []
        for file in predictions { outputs.append(try await stored(try Data(contentsOf: file), Role.labelMap)) }
        let maps = outputs
        try await play(.inference) { _, index in Completion(outputs: [maps[index % maps.count]]) }
    }

    /// Claims and ends every job of a stage that is this benchmark's, in the order of their keys.
    private func play(_ stage: Stage, _ completion: (JobRecord, Int) throws -> Completion) async throws {
        var claimed: [ClaimedJob] = []
        while claimed.count < cases {
            let request = ClaimRequest(
                stage: stage, worker: name, limit: cases - claimed.count, codeVersion: CodeVersion.current)
            let next = try await system.store.claimAvailableJobs(request)
            guard !next.isEmpty else {
                throw CommandFailure(
                    .failed, "only \(claimed.count) of \(cases) jobs of stage \(stage.rawValue) could be claimed")
            }
            claimed += next.filter { $0.record.tenant == name }
            for stranger in next where stranger.record.tenant != name {
                _ = try await system.store.handBackJobIfRunning(stranger.record.id, token: stranger.token)
                throw CommandFailure(
                    .failed,
                    "a job of tenant \(stranger.record.tenant) came in between and was handed back; run this benchmark on a system of its own"
                )
            }
        }
        for (index, job) in claimed.sorted(by: {
            ($0.record.deduplicationKey ?? "") < ($1.record.deduplicationKey ?? "")
        }).enumerated() {
            _ = try await system.store.completeJobIfRunning(
                job.record.id, token: job.token, completion: try completion(job.record, index))
        }
    }

    private func stored(_ data: Data, _ role: String) async throws -> ArtifactReference {
        let stored = try await system.objects().put(data)
        return ArtifactReference(
            role: role, address: stored.address.description, byteCount: stored.byteCount, mediaType: MediaType.nifti)
    }

    private func result(_ evaluation: Evaluation) async throws -> Result {
        let span = try await system.pool.run(Self.span(.uuids(evaluation.cases.map(\.measurement.uuid))))[0]
        let summary = try await system.pool.run(Self.summaryDigest(.uuid(evaluation.id)))[0]
        return Result(
            seconds: try span.double("seconds"), summaryDigest: try summary.string("digest"),
            rows: try summary.integer("rows"))
    }

    private static let span = Statement(
        "benchmark_evaluation_span",
        """
        SELECT extract(epoch FROM max(finished_at) - min(started_at))::float8 AS seconds
        FROM columna.jobs
        WHERE id = ANY($1)
        """)

    /// The evaluation's id is left out; everything else is in.
    private static let summaryDigest = Statement(
        "benchmark_summary_digest",
        """
        SELECT count(*) AS rows, encode(sha256(convert_to(string_agg(
            (to_jsonb(summary) - 'evaluation')::text, E'\\n' ORDER BY summary.variant, summary.metric, summary.class_value NULLS LAST), 'UTF8')), 'hex') AS digest
        FROM columna.metric_summaries AS summary
        WHERE summary.evaluation = $1
        """)
}
