package import Anatomy
import Documents
import Faults
package import Foundation
package import JobEngine
import LabelMaps
package import Plans
import Registry
import Site
import Studies
import Volumes

/// Labelled CTs that are to become cases of a data set, each by a study of its own.
package struct DataSetImport: Sendable {
    /// What happens to cases that the data set has already.
    package enum Known: Sendable { case refused, leftOut, replaced }

    package var dataSet: String
    package var tenant: Tenant
    /// Nil: as before, `train` for new cases.
    package var split: String?
    package var numbering: Numbering?
    /// Nil: the default plan.
    package var plan: Plan?
    package var priority = Priority.bulk
    package var known = Known.refused

    package init(dataSet: String, tenant: Tenant) {
        self.dataSet = dataSet
        self.tenant = tenant
    }

    /// Throws unless the data set, its split and the case can be called so.
    ///
    /// - Throws: `OperationError` (`usage`).
    package func requireNames(case name: String? = nil) throws {
        if let split { try DataSetSplit.requireName(split) }
        for name in [dataSet] + (name.map { [$0] } ?? []) { try Self.requireName(name) }
    }

    private static func requireName(_ name: String) throws {
        guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,63}/) != nil else {
            throw OperationError(
                .usage,
                "'\(name)' cannot name a data set or a case: expected up to 64 letters, digits, '.', '-', '_', the first a letter or digit"
            )
        }
    }

    /// The cases of a folder. Blocks; see `OwnThread`.
    ///
    /// - Parameter remark: gets what of the folder is no case.
    /// - Throws: `OperationError` where there are none, or where their labels are numbered otherwise than is said.
    package func cases(of folder: URL, remark: (String) -> Void) throws -> [LabelledCase] {
        let layout = try DataSetLayout(folder)
        layout.remarks.forEach(remark)
        if layout.isVerSe, numbering == nil {
            throw OperationError(
                .usage,
                "labels of this layout are numbered as VerSe publishes them: say --numbering verse, or --numbering spine where they were renumbered"
            )
        }
        if numbering == nil, let other = layout.stated?.contradiction(to: .columna) {
            throw OperationError(
                .badInput,
                "dataset.json calls \(other): say --numbering, or renumber the labels first (--numbering spine takes the values as they are)"
            )
        }
        return layout.cases
    }

    /// Throws for a case that cannot be called so, or whose files cannot be reached. Blocks; see `OwnThread`.
    package func requireReadable(_ cases: [LabelledCase]) throws {
        for one in cases {
            try Self.requireName(one.name)
            // Reading says best why not.
            for file in [one.image, one.label] where !FileManager.default.fileExists(atPath: file.path) {
                _ = try NIfTI.readHeader(file)
            }
        }
    }

    /// Those that are to be imported, in the order they were given, with remarks on what will become of them.
    ///
    /// - Parameter folder: that ingestion must be allowed to read.
    /// - Throws: `OperationError` (`badInput`) where known cases are refused.
    package func wanted(_ cases: [LabelledCase], from folder: URL, in system: SystemConnection) async throws
        -> [LabelledCase]
    {
        let wanted = known == .replaced ? cases : try await unknown(cases, in: system)
        if let one = wanted.first { try warnIfOutside(one.image, folder, system) }
        try await remarkOnLosses(wanted, system)
        if wanted.isEmpty { system.remark("data set \(dataSet) has all of these cases already") }
        return wanted
    }

    private func unknown(_ cases: [LabelledCase], in system: SystemConnection) async throws -> [LabelledCase] {
        let names = Set(try await system.catalog.cases(dataSet: dataSet, tenant: tenant, split: nil).map(\.name))
        let repeated = cases.filter { names.contains($0.name) }
        guard known == .leftOut || repeated.isEmpty else {
            throw OperationError(
                .badInput,
                "data set \(dataSet) has \(repeated[0].name)\(repeated.count > 1 ? " and \(repeated.count - 1) more" : "") already: say --skip-existing to leave such cases out, or --replace"
            )
        }
        return cases.filter { !names.contains($0.name) }
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

    private func remarkOnLosses(_ cases: [LabelledCase], _ system: SystemConnection) async throws {
        let numbering = numbering ?? .columna
        var tally = LossTally()
        for one in cases where MaskFolder(one.label).map(\.hasStrangers) ?? (numbering != .columna) {
            try await tally.add(one.label, numbering: numbering, of: "case \(one.name)")
        }
        if let sentence = tally.sentence { system.remark("\(sentence), and models learn that it is") }
    }

    /// A study of its own for every time a case is imported, so that a corrected label is imported anew.
    ///
    /// - Returns: the study.
    /// - Throws: `OperationError` (`usage`) where the data set, its split or the case cannot be called so.
    package func submit(_ one: LabelledCase, in system: SystemConnection) async throws -> StudyID {
        try requireNames(case: one.name)
        let order = StudyOrder(
            pipeline: .import, dataSet: dataSet, caseName: one.name, split: split,
            planJSON: try plan.map { String(decoding: try $0.json(), as: UTF8.self) })
        let id = StudyID()
        let study = Study(
            id: id, tenant: tenant, pipeline: .import, messageID: "dataset-import/\(id)")
        let ingestion = IngestStudy(
            order: order, path: one.image.path(percentEncoded: false), labelPath: one.label.path(percentEncoded: false),
            numbering: numbering?.rawValue)
        _ = try await PostgresStudies(pool: system.pool).submit(
            study, first: JobRequest(ingestion, tenant: tenant, priority: priority, study: id))
        return id
    }
}
