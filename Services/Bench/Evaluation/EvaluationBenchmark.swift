import Console
import Documents
import Evaluations
import Foundation
import JobEngine
import Metrics
import Operations
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
    private var tenant: Tenant { Tenant(name) }

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
            snapshot: try await system.catalog.snapshot(dataSet: name, tenant: tenant), split: nil,
            release: CodeVersion.release)
        let evaluation = try await order.place(in: system.store, system.catalog, actor: system.actor).evaluation
        try await playInference()
        let (follower, progress) = (Follower(system), ProgressLine())
        let run = try await follower.follow(evaluation) { run in
            progress.show(
                Double(run.measured) / Double(max(1, run.cases)),
                "\(run.measured) of \(Wording.count(run.cases, "case")) measured")
        }
        progress.end()
        try await follower.requireComplete(run, evaluation)
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
        let weights = try await stored(Data("no weights: \(name)".utf8), .weights)
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
        let labels = try await stored(try Data(contentsOf: truth), .truth)
        func like(_ kind: ArtifactKind) -> ArtifactReference {
            ArtifactReference(kind, address: labels.address, byteCount: labels.byteCount)
        }
        var requests: [JobRequest] = []
        for index in 0..<cases {
            let key = String(format: "case-%04d", index)
            // A volume of its own, which nobody reads: equal ones would be segmented once.
            let volume = try await stored(Data("\(name) \(key)".utf8), .volume)
            requests.append(
                JobRequest(
                    kind: PreprocessVolume.kind, tenant: tenant, deduplicationKey: key, inputs: [volume, labels]))
        }
        _ = try await system.store.enqueue(requests)
        let digest = try Plan().preprocessingSignature()
        try await play(.preprocessing) { job, _ in
            let added = DataSetCase(
                dataSet: name, name: job.deduplicationKey ?? "", tenant: tenant, image: like(.networkImage),
                label: like(.networkLabel),
                planDigest: digest)
            return Completion(outputs: [added.image, added.label], facts: [try .caseAdded(added)])
        }
    }

    private func playInference() async throws {
        var outputs: [ArtifactReference] = []
        for file in predictions { outputs.append(try await stored(try Data(contentsOf: file), .labelMap)) }
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
            claimed += next.filter { $0.record.tenant == tenant }
            for stranger in next where stranger.record.tenant != tenant {
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

    private func stored(_ data: Data, _ kind: ArtifactKind) async throws -> ArtifactReference {
        ArtifactReference(kind, try await system.objects().put(data))
    }

    private func result(_ evaluation: Evaluation) async throws -> Result {
        let timing = JobTiming(pool: system.pool)
        let seconds = try await timing.span(of: evaluation.cases.map(\.measurement))
        let summary = try await timing.summaryDigest(of: evaluation.id)
        return Result(seconds: seconds, summaryDigest: summary.digest, rows: summary.rows)
    }
}
