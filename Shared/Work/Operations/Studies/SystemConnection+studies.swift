import Faults
import Foundation
package import JobEngine
import Messaging
import Persistence
import Registry
import Site
import Studies

extension SystemConnection {
    /// Asks for a study over AMQP, as hospitals do, with remarks on what it will lack; `Follower.study` waits for what
    /// becomes of it.
    ///
    /// - Throws: `OperationError`, `missing` for a model that does not exist.
    package func submit(_ asked: AskedStudy) async throws {
        try await requireModel(of: asked)
        try await remarkOnLosses(of: asked)
        try await publishToIntake(asked.message, messageID: asked.sender.messageID)
    }

    /// Throws when the model does not exist or the name means none, and when neither the request nor the tenant names
    /// one. The tenant's is known here only where `COLUMNA_SITE` names the site file; elsewhere ingestion says so.
    private func requireModel(of asked: AskedStudy) async throws {
        guard asked.needsModel, let model = try model(asked.model, asked.sender.tenant) else { return }
        let version = try await self.model(model)
        if !version.isPromoted {
            remark("\(version.reference) is not promoted: what it segments is delivered to no archive")
        }
    }

    /// Where the label lies on this host too; ingestion says it in any case.
    private func remarkOnLosses(of asked: AskedStudy) async throws {
        guard let label = asked.label, FileManager.default.fileExists(atPath: label.file.path) else { return }
        var tally = LossTally()
        try await tally.add(label.file, numbering: label.numbering, of: label.name)
        if let sentence = tally.sentence { remark(sentence) }
    }

    /// Nil: it is for ingestion to say.
    private func model(_ requested: ModelReference?, _ tenant: Tenant) throws -> ModelReference? {
        guard let site = try site() else { return requested }
        do { return try site.model(requested: requested, tenant: tenant) } catch {
            throw OperationError(.usage, error.description)
        }
    }

    /// The study a person means: by its own id, or by the id of a hospital's message.
    ///
    /// - Parameters:
    ///   - tenant: whose it must be; nil: anybody's.
    ///   - what: it could have been, for the sentence that it is none.
    /// - Throws: `OperationError`: `missing` where there is none, or others have one alone; `refused` where it may be
    ///   several.
    package func study(_ text: String, of tenant: Tenant? = nil, what: String = "study or message") async throws
        -> StudyID
    {
        if let id = StudyID(text), let study = try await catalog.study(id) {
            if let tenant, study.tenant != tenant { throw Self.others([study.tenant], text, than: tenant) }
            return id
        }
        let all = try await Lookup(pool: pool).studies(messageID: text)
        let found = all.filter { tenant == nil || $0.tenant == tenant }
        if let tenant, found.isEmpty, !all.isEmpty { throw Self.others(all.map(\.tenant), text, than: tenant) }
        guard let first = found.first else {
            throw OperationError(
                .missing, "there is no \(what) '\(text)'; `columna jobs list --json` has the whole ids of studies")
        }
        guard found.count == 1 else {
            let choices = found.map {
                "\($0.study) of \($0.tenant)" + ($0.source.map { " from \($0)" } ?? "")
            }.joined(separator: ", ")
            throw OperationError(
                .refused, "message '\(text)' became a study for several senders, say which: \(choices)")
        }
        return first.study
    }

    private static func others(_ owners: [Tenant], _ text: String, than tenant: Tenant) -> OperationError {
        let names = Set(owners.map(\.rawValue)).sorted()
        return OperationError(
            .missing,
            "tenant \(tenant) has no study '\(text)', but \(names.joined(separator: " and ")) \(names.count == 1 ? "has" : "have"): say --tenant \(names[0])"
        )
    }
}
