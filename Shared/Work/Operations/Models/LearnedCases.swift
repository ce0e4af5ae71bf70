import JobEngine
import Storage
import Studies

/// The cases that a version has learned from or was chosen by: of its own training, of those whose weights that began
/// with, and of an ensemble's members.
struct LearnedCases: Sendable {
    /// Of the network-ready images.
    private var addresses: Set<ContentAddress> = []
    private var names: Set<Name> = []
    /// CTs that they were made of: a case stays the same when it is corrected, or taken over into another data set.
    private var volumes: Set<ContentAddress> = []
    /// Of whom nobody knows, or not all, and why.
    private(set) var gaps: [(version: ModelReference, why: String)] = []

    /// A case stays the same when it is prepared anew.
    private struct Name: Hashable {
        let dataSet: String
        let tenant: Tenant
        let name: String

        init(_ one: DataSetCase) { (dataSet, tenant, name) = (one.dataSet, one.tenant, one.name) }
    }

    init(of version: ModelVersion, in system: SystemConnection) async throws {
        var (open, seen) = ([version.reference], Set<ModelReference>())
        while let reference = open.popLast() {
            guard seen.insert(reference).inserted else { continue }
            guard let one = try await system.catalog.modelVersion(name: reference.name, version: reference.version)
            else {
                gaps.append((reference, "there is no such version"))
                continue
            }
            if let ensemble = one.ensemble {
                open += ensemble.members.map(\.model)
            } else if let order = try await order(of: one, in: system) {
                open += [order.startsFrom].compactMap { $0 }
            }
        }
        volumes = try await system.catalog.volumes(of: Array(addresses))
    }

    /// That of the version's training, with its cases added.
    private mutating func order(of version: ModelVersion, in system: SystemConnection) async throws -> TrainModel? {
        guard let id = version.job else {
            gaps.append((version.reference, "it was imported"))
            return nil
        }
        guard let job = try await system.store.job(id), let order = try? TrainModel(of: job) else {
            gaps.append((version.reference, "the order of its training cannot be read"))
            return nil
        }
        if let cases = order.cases {
            add(cases + (order.validation ?? []))
        } else if GeneratedDataSet(rawValue: order.dataSet) == nil {
            // An old order takes the split train when its attempt begins: its inputs are what it took then, and what
            // the split has now may be the same cases prepared anew.
            let inputs = Set(
                try await system.store.artifacts(of: id).filter {
                    $0.isInput && $0.reference.role == ArtifactKind.networkImage.role
                }.map(\.reference.address))
            addresses.formUnion(inputs)
            add(
                try await system.catalog.cases(dataSet: order.dataSet, tenant: job.tenant, split: nil).filter {
                    inputs.contains($0.image.address) || $0.split == DataSetCase.trainingSplit
                })
            gaps.append((version.reference, "the order of its training names no cases"))
        }
        return order
    }

    private mutating func add(_ cases: [DataSetCase]) {
        addresses.formUnion(cases.map(\.image.address))
        names.formUnion(cases.map(Name.init))
    }

    func contains(_ one: SourceCase) -> Bool {
        addresses.contains(one.prepared.image.address) || names.contains(Name(one.prepared))
            || volumes.contains(one.volume.address)
    }
}
