import Anatomy
import Documents
import Faults
package import Foundation
import JobEngine
import LabelMaps
package import Studies
import Site
import Threads

/// Which cases are to be imported, and which need not be.
package struct WantedCases: Sendable {
    /// In the order they were given.
    package var cases: [LabelledCase] = []
    /// Ordered before in the same way, and not at their end.
    package var underWay: [ImportedCases.Case] = []
    /// How many are in the data set already.
    package var arrivedCount = 0
}

extension DataSetImport {
    /// Those that are to be imported, with remarks on what will become of them. An order that was given before goes on
    /// where it was left: what it has brought is left out, what it has under way is waited for, and what failed is
    /// ordered again.
    ///
    /// - Parameter folder: that ingestion must be allowed to read.
    /// - Throws: `OperationError` (`badInput`) where known cases are refused.
    package func wanted(_ contents: DataSetContents, from folder: URL, in system: SystemConnection) async throws
        -> WantedCases
    {
        try await system.requireOpen(dataSet, tenant: tenant)
        var wanted = WantedCases()
        wanted.cases = contents.cases
        if known != .replaced { wanted = try await unknown(contents.cases, in: system) }
        if let one = wanted.cases.first { try warnIfOutside(one.image, folder, system) }
        try await remarkOnLosses(wanted.cases, system)
        if wanted.cases.isEmpty, wanted.underWay.isEmpty, !contents.cases.isEmpty {
            system.remark("data set \(dataSet) has all of these cases already")
        } else if wanted.arrivedCount > 0 {
            system.remark("data set \(dataSet) has \(wanted.arrivedCount) of these cases already: left out")
        }
        // What cannot name a case may name a patient: it is shown to whoever imports, and kept nowhere.
        let leftOut =
            contents.unreadable.map { (one: $0, state: CaseImport.State.refused) }
            + contents.knownBroken.map { (one: $0, state: .knownBroken) }
        let refused = leftOut.filter { (try? Self.requireName($0.one.name)) != nil }.map {
            CaseImport(
                name: $0.one.name, study: nil, sourceDigest: String(repeating: "0", count: 64), state: $0.state,
                reason: $0.one.reason)
        }
        if !refused.isEmpty { try await system.catalog.record(refused: refused, dataSet: dataSet, tenant: tenant) }
        return wanted
    }

    private func unknown(_ cases: [LabelledCase], in system: SystemConnection) async throws -> WantedCases {
        let there = Set(try await system.catalog.cases(dataSet: dataSet, tenant: tenant, split: nil).map(\.name))
        let orders = Dictionary(
            uniqueKeysWithValues: try await system.catalog.imports(dataSet: dataSet, tenant: tenant).map {
                ($0.name, $0)
            })
        let digests = try await OwnThread.run { [self] in
            try cases.map { orders[$0.name] == nil ? nil : try sourceDigest(of: $0) }
        }
        var (wanted, repeated) = (WantedCases(), [String]())
        for (one, digest) in zip(cases, digests) {
            let order = orders[one.name]
            let isSame = order != nil && order?.sourceDigest == digest
            if order?.state == .underWay, isSame || known == .leftOut, let study = order?.study {
                wanted.underWay.append(ImportedCases.Case(name: one.name, study: study))
            } else if there.contains(one.name), known == .leftOut || isSame && order?.state == .arrived {
                wanted.arrivedCount += 1
            } else if there.contains(one.name) || order?.state == .underWay {
                repeated.append(one.name)
            } else {
                wanted.cases.append(one)
            }
        }
        guard repeated.isEmpty else {
            throw OperationError(
                .badInput,
                "data set \(dataSet) has \(repeated[0])\(repeated.count > 1 ? " and \(repeated.count - 1) more" : "") already, from other files or read otherwise: say --skip-existing to leave such cases out, or --replace"
            )
        }
        return wanted
    }

    /// The local stack's roots are known here, and a tenant's where `COLUMNA_SITE` is set; those of a deployment's
    /// worker are its own.
    private func warnIfOutside(_ image: URL, _ folder: URL, _ system: SystemConnection) throws {
        let site = try system.site()
        let isTenants = site?.tenants.isEmpty == false
        let roots = isTenants ? site?.policy(of: tenant).inputRoots.map { URL(filePath: $0) } : system.inputRoots
        let place = image.resolvingSymlinksInPath().standardizedFileURL.pathComponents
        guard let roots,
            !roots.contains(where: {
                place.starts(with: $0.resolvingSymlinksInPath().standardizedFileURL.pathComponents)
            })
        else { return }
        let (forAll, forTenant) = (
            "`columna local up --input-root '\(folder.path)'`",
            "add it to tenants.\(tenant).input-roots in the site file"
        )
        // A site file that ingestion alone knows is not seen here.
        let remedy =
            isTenants
            ? forTenant
            : site == nil ? "\(forAll), or, if ingestion has a site file with tenants, \(forTenant)" : forAll
        system.remark("ingestion may not read \(folder.path), it will refuse the cases: \(remedy)")
    }

    /// So many labels are looked at while another numbering can still be chosen; ingestion looks at all.
    private static let lookedAt = 20

    /// - Throws: `OperationError` (`badInput`) where none of the labels is numbered so.
    private func remarkOnLosses(_ cases: [LabelledCase], _ system: SystemConnection) async throws {
        let numbering = numbering ?? .columna
        let doubtful = cases.lazy.filter {
            MaskFolder($0.label).map(\.hasStrangers) ?? (numbering != .columna)
        }.prefix(Self.lookedAt)
        var (tally, refusals) = (LossTally(), [OperationError]())
        for one in doubtful {
            do {
                try await tally.add(one.label, numbering: numbering, of: "case \(one.name)")
            } catch let error as OperationError {
                refusals.append(error)
            } catch {
                // A file that cannot be read: its job says why, and the others go on.
                continue
            }
        }
        if refusals.count == doubtful.count, let first = refusals.first { throw first }
        guard let sentence = tally.sentence else { return }
        let scope = cases.count > doubtful.count ? "of the first \(doubtful.count) labels: " : ""
        system.remark("\(scope)\(sentence), and models learn that it is")
    }
}

extension DataSetContents {
    /// The folds that a list says, each validated on the cases with its number; none where a case that models learn from
    /// has no number.
    package var folds: [DataSetFold] {
        let training = cases.filter { ($0.split ?? DataSetCase.trainingSplit) == DataSetCase.trainingSplit }
        let numbers = Set(training.compactMap(\.fold)).sorted()
        guard numbers.count > 1, training.allSatisfy({ $0.fold != nil }) else { return [] }
        return numbers.map { number in
            DataSetFold(
                number: number, training: training.filter { $0.fold != number }.map(\.name),
                validation: training.filter { $0.fold == number }.map(\.name))
        }
    }
}
