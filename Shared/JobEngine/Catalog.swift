package import Foundation

/// What handlers and the command line look up: models, data sets, studies. Read only, but for operators' decisions.
package protocol Catalog: Sendable {
    /// `version` nil: the promoted version, or the newest if none was promoted.
    func modelVersion(name: String, version: Int?) async throws -> ModelVersion?
    /// Newest first.
    func modelVersions() async throws -> [ModelVersion]
    /// Makes a version the one that `NAME` alone means. False: there is none such.
    func promoteModel(name: String, version: Int, actor: String, now: Date) async throws -> Bool
    /// Registers weights that were made elsewhere; returns the new version's number.
    func registerModel(_ draft: ModelVersionDraft, actor: String, now: Date) async throws -> Int
    /// Ordered by case name.
    func cases(dataSet: String, tenant: String) async throws -> [DataSetCase]
    func dataSets(tenant: String?) async throws -> [DataSetSummary]
    func study(_ id: UUID) async throws -> Study?
    func measurements(of job: JobID) async throws -> [ClassMeasurement]
    func epochs(of job: JobID) async throws -> [EpochMetrics]
}

package struct ModelVersion: Sendable, Equatable {
    package var name: String
    package var version: Int
    package var weights: ArtifactReference
    package var planJSON: String
    package var recipeJSON: String
    package var dataSet: String?
    package var validationDice: Double?
    package var isPromoted: Bool
    /// The training job; nil for imported weights.
    package var job: JobID?
    package var createdAt: Date

    package var reference: String { "\(name)@\(version)" }

    package init(
        name: String, version: Int, weights: ArtifactReference, planJSON: String, recipeJSON: String, dataSet: String?,
        validationDice: Double?, isPromoted: Bool, job: JobID?, createdAt: Date
    ) {
        self.name = name
        self.version = version
        self.weights = weights
        self.planJSON = planJSON
        self.recipeJSON = recipeJSON
        self.dataSet = dataSet
        self.validationDice = validationDice
        self.isPromoted = isPromoted
        self.job = job
        self.createdAt = createdAt
    }
}

package struct DataSetSummary: Sendable, Equatable {
    package var name: String
    package var tenant: String
    package var caseCount: Int

    package init(name: String, tenant: String, caseCount: Int) {
        self.name = name
        self.tenant = tenant
        self.caseCount = caseCount
    }
}
