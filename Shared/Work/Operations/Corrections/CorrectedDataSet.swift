import Faults
import Foundation
package import JobEngine
package import Plans
import Registry
import Studies

/// A new data set of the cases of another and of corrected ones, which nothing that comes later changes.
///
/// Of a CT that the base has, the corrected labels take the place of its own, in the split that it has. A case outside of
/// `train` and `val` stays byte for byte as it is, whatever was corrected: models are judged on it, and truth drawn over one
/// model's result is not that of another's. A CT that the base does not have becomes a case to learn from. Cases that were
/// made by another plan than is wanted are made anew from what they came from. One to learn from whose labels were withdrawn
/// as a correction is left out, where no other took their place.
package struct CorrectedDataSet: Sendable {
    package struct Job: Sendable {
        package let caseName: String
        package let id: JobID
    }

    /// What it was made of.
    package struct Made: Sendable {
        /// One for each case that has to be made network-ready.
        package let jobs: [Job]
        package let takenOver: Int
        package let corrected: Int
        /// Corrections of cases that models are judged on, not learned from.
        package let heldOut: Int
        /// Cases of the base whose labels were withdrawn, left out.
        package let withdrawn: Int
    }

    package var name: String
    package var base: String
    package var tenant: Tenant
    /// By which its cases are made.
    package var plan: Plan
    package var priority = Priority.bulk

    package init(_ name: String, base: String, tenant: Tenant, plan: Plan) {
        self.name = name
        self.base = base
        self.tenant = tenant
        self.plan = plan
    }

    /// Makes it with the newest correction of each CT that a model segmented.
    ///
    /// - Throws: `OperationError`: `usage` for what cannot name a data set, `refused` where there is one of the name,
    ///   `missing` where there is no such base or no correction.
    package func make(model: String, in system: SystemConnection) async throws -> Made {
        try DataSetImport.requireName(name)
        guard try await !system.dataSets(tenant: tenant).contains(where: { $0.name == name }),
            try await system.corrections.used(dataSet: name, tenant: tenant).isEmpty
        else {
            throw OperationError(
                .refused, "tenant \(tenant) has a data set '\(name)' already: choose another name, it is made once")
        }
        _ = try await system.cases(of: base, tenant: tenant)
        try await system.corrections.use(model: model, base: base, dataSet: name, tenant: tenant)
        guard try await !system.corrections.used(dataSet: name, tenant: tenant).isEmpty else {
            throw OperationError(
                .missing,
                "nobody has corrected what \(model) segmented for tenant \(tenant): see `columna corrections list`")
        }
        let (made, requests) = try await lay(out: { "corrected-data-set/\(name)/\($0)" }, in: system)
        _ = try await system.store.enqueue(requests)
        return made
    }

    /// Takes over the cases that stay, and lays out the jobs that make the others, of the corrections that were settled for
    /// it. Harmless when repeated.
    ///
    /// - Parameter key: of a case's job, of the case's name.
    func lay(out key: (String) -> String, in system: SystemConnection) async throws -> (Made, [JobRequest]) {
        let all = try await system.cases(of: base, tenant: tenant)
        let sources = Dictionary(
            uniqueKeysWithValues: try await system.catalog.snapshot(dataSet: base, tenant: tenant).cases.map {
                ($0.name, $0)
            })
        let used = try await system.corrections.used(dataSet: name, tenant: tenant)
        let usable = used.filter { !$0.isHeldOut }
        var open = Dictionary(usable.map { ($0.volume.address, $0) }) { first, _ in first }
        let (learned, validated) = (try plan.preprocessingSignature(), try plan.preprocessingSignature(cropTo: .label))
        let json = String(decoding: try plan.json(), as: UTF8.self)
        func request(_ name: String, _ split: String, _ inputs: [ArtifactReference]) throws -> JobRequest {
            try JobRequest(
                PreprocessVolume(
                    order: StudyOrder(
                        pipeline: .import, dataSet: self.name, caseName: name, split: split, planJSON: json)),
                tenant: tenant, priority: priority, deduplicationKey: key(name), inputs: inputs)
        }
        let withdrawn = try await system.corrections.withdrawnLabels(tenant: tenant)
        var (kept, requests, names, leftOut) = ([String](), [JobRequest](), [String](), 0)
        for one in all {
            let split = one.split ?? DataSetCase.trainingSplit
            let isHeldOut = ![DataSetCase.trainingSplit, DataSetCase.validationSplit].contains(split)
            let source = sources[one.name]
            if let source, !isHeldOut,
                let correction = usable.first(where: { $0.volume.address == source.volume.address })
            {
                open[correction.volume.address] = nil
                requests.append(try request(one.name, split, [source.volume, correction.labels]))
            } else if let source, !isHeldOut, withdrawn.contains(source.truth.address) {
                leftOut += 1
                continue
            } else if let source,
                one.planDigest != (split == DataSetCase.validationSplit ? validated : learned)
            {
                requests.append(try request(one.name, split, [source.volume, source.truth]))
            } else {
                kept.append(one.name)
                continue
            }
            names.append(one.name)
        }
        for correction in usable where open[correction.volume.address] != nil {
            // Of the study, so that a case stays the same in the next data set.
            let name = "corrected-\(correction.study)"
            requests.append(try request(name, DataSetCase.trainingSplit, [correction.volume, correction.labels]))
            names.append(name)
        }
        try await system.corrections.copy(kept, from: base, to: name, tenant: tenant)
        let made = Made(
            jobs: zip(names, requests).map { Job(caseName: $0, id: $1.id) }, takenOver: kept.count,
            corrected: usable.count, heldOut: used.count - usable.count, withdrawn: leftOut)
        return (made, requests)
    }
}
