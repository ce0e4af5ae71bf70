import JobEngine
import Site
import WorkerRuntime

/// The model that a study is segmented with, by whatever way it came: the one its request names, else its tenant's. There is no other default.
struct TenantModel {
    let site: Site
    let job: JobContext

    /// Pins the order to `NAME@VERSION`, so that the whole pipeline uses one version. Changes nothing of an order that needs no model.
    ///
    /// - Returns: the version's weights, which travel with the order.
    /// - Throws: `JobFailure` of class `data` when no model is named, or the name means none.
    func pin(_ order: inout StudyOrder) async throws -> [ArtifactReference] {
        guard order.pipeline == .segment else { return [] }
        let tenant = job.record.tenant
        guard let name = order.model ?? site.policy(of: tenant).model else {
            throw JobFailure(
                class: .data, code: "model-not-named",
                reason: "the request names no model, and tenant \(tenant) has none in the site file: name one in the request (data.model, --model), "
                    + "or set tenants.\(tenant).model in the site file; `columna models list` shows them")
        }
        let version = try await job.catalog.version(try ModelReference(name))
        order.model = version.reference
        // What was pinned as promoted stays so, whatever is promoted while the study is on its way.
        order.modelIsPromoted = order.modelIsPromoted == true || version.isPromoted
        var weights = version.weights
        weights.role = Role.weights
        return [weights]
    }
}
