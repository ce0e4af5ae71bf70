import Foundation
import JobEngine
import Planning
import Plans
import Registry
import Storage
import Studies

extension SystemConnection {
    /// The fingerprint by whose intensities a model's plan was made: the way leads from the cases it has learned from to
    /// the volumes they were made of, and to the job that took the fingerprint of those. Nil where the model was made
    /// elsewhere, or planned otherwise.
    func fingerprint(of version: ModelVersion) async throws -> DataSetFingerprint? {
        let plan = try Plan(json: Data(version.planJSON.utf8))
        guard case .ct(let lower, let upper, let mean, let deviation) = plan.intensities,
            let learned = try await learnedCase(of: version)
        else { return nil }
        let lookup = Lookup(pool: pool)
        for preparation in try await lookup.jobs(writing: learned.image.address) {
            let inputs = try await store.artifacts(of: preparation).filter(\.isInput).map(\.reference)
            guard let volume = inputs.first(of: .volume) else { continue }
            for reader in try await lookup.jobs(reading: volume.address) {
                guard let job = try await store.job(reader), job.kind == FingerprintDataSet.kind else { continue }
                let outputs = try await store.artifacts(of: reader).filter { !$0.isInput }.map(\.reference)
                guard let stored = outputs.first(of: .fingerprint) else { continue }
                let file = try await objects().open(stored.address, expectedByteCount: stored.byteCount)
                let taken = try JSONDecoder().decode(DataSetFingerprint.self, from: Data(contentsOf: file))
                let own = taken.intensities
                if (own.percentile0_5, own.percentile99_5, own.mean, own.standardDeviation)
                    == (lower, upper, mean, deviation)
                {
                    return taken
                }
            }
        }
        return nil
    }

    /// One of the cases that a version has learned from, an ensemble's first member of those that have.
    private func learnedCase(of version: ModelVersion) async throws -> DataSetCase? {
        var jobs = [version.job]
        for member in version.ensemble?.members ?? [] { jobs.append(try await catalog.version(member.model).job) }
        for id in jobs.compactMap({ $0 }) {
            if let job = try await store.job(id), let first = try TrainModel(of: job).cases?.first { return first }
        }
        return nil
    }
}
