import DICOMSeries
import DeIdentification
import Foundation
import JobEngine
import Persistence
import Registry
import Site
import WorkerRuntime

/// Where patients' identities stay behind, as each tenant's policy wants it. What storage gets has passed here.
struct Border: Sendable {
    /// Of the tenants whose policy removes anything.
    private let deidentifiers: [Tenant: DeIdentifier]
    private let custody: PostgresCustody?

    /// - Throws: `ConfigurationError` when a policy needs a secret or custody and the site file names none.
    init(_ site: Site, _ secret: SiteSecret?, pool: PostgresPool) throws {
        var deidentifiers: [Tenant: DeIdentifier] = [:]
        for (tenant, policy) in site.tenants where policy.deidentification.profile != .none {
            guard let secret else {
                throw ConfigurationError(
                    variable: "COLUMNA_SITE", value: nil, expected: "a secret-file to derive pseudonyms from",
                    remedy: "make one with Scripts/create-secrets")
            }
            deidentifiers[tenant] = DeIdentifier(
                policy: policy.deidentification, key: try secret.key(of: tenant.rawValue))
        }
        self.deidentifiers = deidentifiers
        custody = deidentifiers.isEmpty ? nil : try Self.custody(site, pool)
    }

    /// An object that has passed.
    struct Admitted {
        var file: URL
        /// Ways in which it may still show who the patient is: nothing in pixels is changed, so a person must look.
        var risks: [String]
    }

    /// The object as storage may have it: a file of its own under the tenant's policy, else the file itself. The
    /// original is gone when another is returned, and the pairs of identity and pseudonym are in custody.
    func admit(_ file: URL, tenant: Tenant, temporary: () throws -> URL) async throws -> Admitted {
        guard let deidentifier = deidentifiers[tenant] else { return Admitted(file: file, risks: []) }
        let target = try temporary()
        let report = try deidentifier.deidentify(file, to: target)
        do {
            try await custody?.record(tenant: tenant, report.pseudonyms.map(CustodyEntry.init))
        } catch {
            try? FileManager.default.removeItem(at: target)
            throw error
        }
        try? FileManager.default.removeItem(at: file)
        return Admitted(file: target, risks: report.warnings.map(\.name).sorted())
    }

    /// An object made from what storage has, with the identity it needs to go back to the hospital; the file itself
    /// where nothing was removed.
    ///
    /// - Returns: also how many texts had to be emptied for it (`ReIdentification.restore`).
    func readmit(_ file: URL, tenant: Tenant, purpose: String, temporary: () throws -> URL) async throws -> (
        file: URL, emptied: Int
    ) {
        guard deidentifiers[tenant] != nil, let custody else { return (file, 0) }
        let entries = try await custody.originals(
            tenant: tenant, pseudonyms: ReIdentification.pseudonyms(in: file), purpose: purpose)
        let pairs = entries.compactMap(IdentityPair.init)
        let target = try temporary()
        return (target, try ReIdentification(pairs: pairs).restore(file, to: target))
    }

    /// What studies and series go by that have not passed: the names of what passes.
    func names(of tenant: Tenant) -> IdentifierNames {
        guard let deidentifier = deidentifiers[tenant] else { return IdentifierNames() }
        return IdentifierNames { try deidentifier.pseudonym(of: $0) }
    }

    func removesIdentity(_ tenant: Tenant) -> Bool { deidentifiers[tenant] != nil }
}

extension Border {
    private static func custody(_ site: Site, _ pool: PostgresPool) throws -> PostgresCustody {
        let path = site.custodyKeys ?? ""
        do {
            return PostgresCustody(
                pool: pool, keys: try CustodyKeys(file: URL(filePath: path)),
                actor: "columna-ingestion@\(HostName.current)")
        } catch {
            throw ConfigurationError(
                variable: "COLUMNA_SITE", value: nil, expected: "a custody-keys file of lines ID KEY",
                remedy: "\(error)")
        }
    }
}

extension CustodyEntry {
    fileprivate init(_ pair: IdentityPair) {
        self.init(kind: pair.kind.rawValue, pseudonym: pair.pseudonym, original: pair.original)
    }
}

extension IdentityPair {
    /// Nil: of a kind that this version does not know.
    fileprivate init?(_ entry: CustodyEntry) {
        guard let kind = Kind(rawValue: entry.kind) else { return nil }
        self.init(kind: kind, original: entry.original, pseudonym: entry.pseudonym)
    }
}

extension IdentityRisk {
    /// For the database and the description of a study.
    var name: String {
        switch self {
        case .burnedInAnnotation(let evidence): "burned-in-annotation-\(evidence.rawValue)"
        case .faceVisible(let evidence): "face-visible-\(evidence.rawValue)"
        }
    }
}
