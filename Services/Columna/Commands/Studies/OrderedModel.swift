import Foundation
import JobEngine
import Site
import Studies

/// The model of a study that is about to be submitted or fetched, looked up before anything happens.
enum OrderedModel {
    /// Throws when the model does not exist or the name means none, and when neither the request nor the tenant names
    /// one. The tenant's is known here only where `COLUMNA_SITE` names the site file; elsewhere ingestion says so.
    static func check(_ model: String?, tenant: String, in system: SystemConnection) async throws {
        guard let name = try name(model, tenant, try system.site()) else { return }
        let version = try await system.catalog.version(try ModelReference(name))
        if !version.isPromoted {
            remark("columna: \(version.reference) is not promoted: what it segments is delivered to no archive")
        }
    }

    /// Nil: it is for ingestion to say.
    private static func name(_ model: String?, _ tenant: String, _ site: Site?) throws -> String? {
        guard let site else { return model }
        do { return try site.model(requested: model, tenant: tenant) } catch {
            throw CommandFailure(.usage, error.description)
        }
    }
}
