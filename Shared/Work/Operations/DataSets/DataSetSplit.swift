import Documents
import Evaluations
import Faults
package import JobEngine
import Statistics
import Studies

/// Cases of a data set that are put into a split: what models learn from, and what they are measured on.
package struct DataSetSplit: Sendable {
    package enum Chosen: Sendable {
        case all
        case named([String])
        /// Each case in train has this chance, 0…1, by the hash of its name and the seed: the same call draws the same
        /// cases, and a case added later moves no other.
        case drawn(fraction: Double, seed: UInt64)
        /// So many of those in train, the ones with the lowest lots: a case added later takes the place of one at most.
        case counted(Int, seed: UInt64)
    }

    package let dataSet: String
    package let tenant: Tenant
    /// The split they are put into.
    package let name: String

    package init(dataSet: String, tenant: Tenant, name: String) {
        self.dataSet = dataSet
        self.tenant = tenant
        self.name = name
    }

    /// - Throws: `OperationError` (`usage`) for a word that is no split's.
    package static func requireName(_ split: String) throws {
        guard split.wholeMatch(of: /[a-z][a-z0-9-]{0,31}/) != nil, split != EvaluationOrder.allCases else {
            throw OperationError(
                .usage,
                "'\(split)' cannot name a split: expected up to 32 lower-case letters, digits and '-', the first a letter, and not '\(EvaluationOrder.allCases)'"
            )
        }
    }

    /// - Returns: how many cases there were.
    /// - Throws: `OperationError` (`missing`) where the data set has no cases, (`badInput`) where it has not all that
    ///   were named or counted.
    package func assign(_ chosen: Chosen, in system: SystemConnection) async throws -> Int {
        try Self.requireName(name)
        try await system.requireOpen(dataSet, tenant: tenant)
        let known = try await system.cases(of: dataSet, tenant: tenant)
        return try await system.catalog.assign(
            names(chosen, of: known), to: name, dataSet: dataSet, tenant: tenant, actor: system.actor)
    }

    /// Nil: all.
    private func names(_ chosen: Chosen, of known: [DataSetCase]) throws -> [String]? {
        switch chosen {
        case .all: return nil
        case .named(let names):
            let strangers = Set(names).subtracting(known.map(\.name)).sorted()
            guard strangers.isEmpty else {
                throw OperationError(
                    .badInput,
                    "data set '\(dataSet)' has no case \(strangers.joined(separator: ", ")); see `columna dataset show \(dataSet)`"
                )
            }
            return names
        case .drawn(let fraction, let seed):
            return Self.inTraining(known).filter { Double(Self.lot($0, seed) >> 11) * 0x1p-53 < fraction }
        case .counted(let count, let seed):
            let names = Self.inTraining(known)
            guard count <= names.count else {
                throw OperationError(
                    .badInput,
                    "data set '\(dataSet)' has \(Wording.count(names.count, "case")) in train, expected at least the \(count) that are to be drawn"
                )
            }
            return Self.drawn(count, of: names, seed: seed)
        }
    }

    /// The `count` names with the lowest lots.
    package static func drawn(_ count: Int, of names: [String], seed: UInt64) -> [String] {
        names.map { (lot: lot($0, seed), name: $0) }.sorted { $0 < $1 }.prefix(count).map(\.name)
    }

    private static func inTraining(_ known: [DataSetCase]) -> [String] {
        known.filter { $0.split == DataSetCase.trainingSplit }.map(\.name)
    }

    /// FNV-1a over seed and name, finished by a multiplication so that near names lie far apart.
    private static func lot(_ name: String, _ seed: UInt64) -> UInt64 {
        var hash = FNV1a.hash(name.utf8, basis: FNV1a.basis ^ (seed &* SplitMix64.step))
        hash = (hash ^ (hash >> 32)) &* 0xd6e8_feb8_6659_fd93
        return hash ^ (hash >> 32)
    }
}
