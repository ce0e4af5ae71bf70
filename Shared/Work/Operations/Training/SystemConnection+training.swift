import Faults
import Foundation
package import JobEngine
import Learning
import Messaging
import Studies

extension SystemConnection {
    /// The newest trainings, newest first.
    package func trainings(limit: Int = 50, tenant: Tenant? = nil) async throws -> [TrainingRun] {
        let jobs = try await store.jobs(JobFilter(stage: .training, tenant: tenant, limit: limit)).filter {
            $0.kind == TrainModel.kind
        }
        let tallies = try await catalog.epochTallies(of: jobs.map(\.id))
        let begun = try await correctionRounds(tenant: tenant).compactMap { one in one.training.map { ($0, one) } }
        let rounds = Dictionary(begun) { first, _ in first }
        return jobs.map { TrainingRun($0, tallies[$0.id], rounds[$0.id]) }
    }

    /// - Throws: `OperationError` (`missing`) for what is no training.
    package func training(_ id: JobID) async throws -> TrainingRun {
        guard let job = try await store.job(id), job.kind == TrainModel.kind else {
            throw OperationError(.missing, "there is no training \(id); see `columna train list`")
        }
        let round = try await correctionRounds(tenant: job.tenant).first { $0.training == id }
        return TrainingRun(job, try await catalog.epochTallies(of: [id])[id], round)
    }

    package func trainingDetail(_ id: JobID) async throws -> TrainingDetail {
        try await TrainingDetail(training(id), in: self)
    }

    /// The training that a person names: by its job's id, or by its model, of which it is the newest, or the one that
    /// made the version.
    ///
    /// - Parameter tenant: whose, of a model that several tenants train; nil: only one does.
    /// - Throws: `OperationError`: `missing`; `usage` where several tenants train the model and none is named.
    package func training(named text: String, tenant: Tenant? = nil) async throws -> JobID {
        if let id = JobID(text), try await store.job(id) != nil { return try await training(id).job.id }
        guard let model = ModelReference(rawValue: text) else {
            throw OperationError(.missing, "there is no training '\(text)'; see `columna train list`")
        }
        if model.version != nil {
            guard let job = try await self.model(model).job else {
                throw OperationError(.missing, "model \(model) was imported: no training here made it")
            }
            return job
        }
        let newest = try await catalog.newestTrainings(of: model.name).filter { tenant == nil || $0.tenant == tenant }
        guard let one = newest.first else {
            let whose = tenant.map { " of tenant \($0)" } ?? ""
            throw OperationError(
                .missing, "no training\(whose) makes a model \(model.name); see `columna train list`")
        }
        guard newest.count == 1 else {
            let tenants = newest.map(\.tenant.description).joined(separator: ", ")
            throw OperationError(
                .usage,
                "several tenants train a model \(model.name) (\(tenants)): say whose with --tenant, or name the training's job"
            )
        }
        return one.job
    }

    /// Asks a training to end after its current step with the best that it has so far: it succeeds, with its models. The
    /// wish is kept whatever happens to the worker, and may come before the training has begun, which then does one
    /// step. Asked again, nothing changes.
    ///
    /// - Throws: `OperationError`: `missing`; `refused` where it has ended.
    package func stopTraining(_ id: JobID) async throws -> TrainingRun {
        let run = try await training(id)
        if run.state != .finishing { _ = try await decide(.finish, id) }
        return try await training(id)
    }

    /// How a training went on.
    package enum ResumedTraining: Sendable, Equatable {
        /// The same job, from its last checkpoint.
        case same(JobID)
        /// A new job, from the last checkpoint of the other.
        case continued(by: JobID, from: JobID)

        package var job: JobID {
            switch self {
            case .same(let id), .continued(let id, _): id
            }
        }
    }

    /// Lets a training go on from its last checkpoint: a paused, dead or cancelled one as the same job; one that was
    /// stopped, or is to have more epochs than it was ordered with, as a new job over the same cases, whose models are
    /// further versions.
    ///
    /// - Parameter epochs: how many it shall have in all; nil: as many as it was ordered with.
    /// - Throws: `OperationError`: `missing`; `refused` where there is nothing to go on with or from, or its patience
    ///   ended it; `usage` where it has done so many epochs, or its rate follows from their number.
    package func resumeTraining(_ id: JobID, epochs: Int? = nil) async throws -> ResumedTraining {
        let run = try await training(id)
        if epochs == nil || epochs == run.epochs {
            switch run.state {
            case .paused:
                _ = try await decide(.resume, id)
                return .same(id)
            case .dead, .cancelled:
                _ = try await decide(.replay, id)
                return .same(id)
            case .stopped: break
            case .succeeded:
                try await requirePatience(run)
                throw OperationError(
                    .refused,
                    "training \(id) has done all its epochs\(run.epochs.map { " (\($0))" } ?? ""): prolong it with --epochs"
                )
            case .waiting, .queued, .running, .finishing, .other:
                throw OperationError(.refused, "training \(id) is \(run.state.rawValue): nothing to resume")
            }
        }
        return .continued(by: try await prolong(run, epochs), from: id)
    }

    /// Whoever goes on where patience is over does no step.
    private func requirePatience(_ run: TrainingRun) async throws {
        let over = TrainingRemark.Code.patienceOver.rawValue
        guard try await catalog.remarks(of: run.job.id).contains(where: { $0.remark.code == over }) else { return }
        throw OperationError(
            .refused,
            "training \(run.job.id) has nothing to go on with, its patience ended it after epoch \(run.tally?.epoch ?? 0): start a new one, or one without patience"
        )
    }

    private func prolong(_ run: TrainingRun, _ epochs: Int?) async throws -> JobID {
        let id = run.job.id
        guard run.job.state.isTerminal else {
            throw OperationError(
                .refused, "training \(id) is \(run.state.rawValue): stop it first (`columna train stop \(id)`)")
        }
        try await requirePatience(run)
        guard var order = run.order else {
            throw OperationError(.refused, "a newer program ordered training \(id): resume it with that one")
        }
        var recipe = try Recipe(json: Data(order.recipeJSON.utf8))
        if let epochs, epochs != recipe.epochs {
            guard epochs > run.tally?.epoch ?? 0 else {
                throw OperationError(
                    .usage, "training \(id) has done \(run.tally?.epoch ?? 0) epochs already, got --epochs \(epochs)")
            }
            guard recipe.schedule == .constant else {
                throw OperationError(
                    .usage,
                    "the rate of training \(id) follows from its \(recipe.epochs) epochs (schedule \(recipe.schedule.rawValue)), so it cannot have others: start a new one"
                )
            }
            recipe.epochs = epochs
            order.recipeJSON = String(decoding: try recipe.json(), as: UTF8.self)
        }
        let artifacts = try await store.artifacts(of: id)
        func references(_ kind: ArtifactKind, areInputs: Bool) -> [ArtifactReference] {
            artifacts.filter { $0.isInput == areInputs && $0.reference.role == kind.role }.map(\.reference)
        }
        // The worker takes the first that is undamaged: the run's own, newest first, then those that it went on from.
        let checkpoints =
            references(.checkpoint, areInputs: false).reversed() + references(.checkpoint, areInputs: true)
        guard !checkpoints.isEmpty else {
            throw OperationError(
                .refused, "training \(id) has left no checkpoint to go on from: start a new one (`columna train start`)"
            )
        }
        order.continues = id.description
        // Where all of them are damaged it begins as the first did, with the same weights.
        let request = try JobRequest(
            order, tenant: run.job.tenant, priority: run.job.priority,
            inputs: checkpoints + references(.weights, areInputs: true))
        _ = try await store.enqueue([request])
        return request.id
    }
}
