import Faults
import JobEngine
import Site
import Studies
import WorkerRuntime

/// Puts the model that `Site.model` names for a study into its order.
struct TenantModel {
    let site: Site
    let catalog: any Catalog

    /// Pins the order to `NAME@VERSION`, so that the whole pipeline uses one version, and writes down where names come
    /// from, so that the result says it. Changes nothing of an order that
    /// needs no model.
    ///
    /// - Returns: the version's weights, which travel with the order.
    /// - Throws: `JobFailure` of class `data` when no model is named, or the name means none.
    func pin(_ order: inout StudyOrder, of tenant: Tenant) async throws -> [ArtifactReference] {
        guard order.pipeline == .segment else { return [] }
        let model: ModelReference
        do { model = try site.model(requested: order.model, tenant: tenant) } catch {
            throw JobFailure(class: .data, code: "model-not-named", reason: error.description)
        }
        let version = try await catalog.version(model)
        order.model = version.reference
        order.names = order.names ?? .usual
        // What was pinned as promoted stays so, whatever is promoted while the study is on its way.
        order.modelIsPromoted = order.modelIsPromoted == true || version.isPromoted
        var weights = version.weights
        weights.role = ArtifactKind.weights.role
        return [weights]
    }
}
