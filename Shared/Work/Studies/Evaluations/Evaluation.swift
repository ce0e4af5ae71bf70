package import Foundation
package import JobEngine

/// One model version over one split of one snapshot of a data set, measured by one version of the code.
package struct Evaluation: Sendable, Equatable, Codable {
    /// What makes two evaluations the same one.
    package struct Identity: Sendable, Hashable, Codable {
        package var tenant: Tenant
        package var dataSet: String
        /// Of the data set's contents; see `DataSetSnapshot.digest`.
        package var snapshot: String
        package var split: String
        package var modelName: String
        package var modelVersion: Int
        /// Of the program that ordered it.
        package var codeVersion: String
        /// Canonical JSON of what the metrics leave open.
        package var optionsJSON: String
        package var repairs: Bool

        package init(
            tenant: Tenant, dataSet: String, snapshot: String, split: String, modelName: String, modelVersion: Int,
            codeVersion: String,
            optionsJSON: String, repairs: Bool
        ) {
            self.tenant = tenant
            self.dataSet = dataSet
            self.snapshot = snapshot
            self.split = split
            self.modelName = modelName
            self.modelVersion = modelVersion
            self.codeVersion = codeVersion
            self.optionsJSON = optionsJSON
            self.repairs = repairs
        }
    }

    /// The jobs of one case.
    package struct Case: Sendable, Equatable, Codable {
        package var name: String
        package var segmentation: JobID
        package var measurement: JobID
        /// CT.
        package var volume: ContentAddress
        package var truth: ContentAddress

        package init(
            name: String, segmentation: JobID, measurement: JobID, volume: ContentAddress, truth: ContentAddress
        ) {
            self.volume = volume
            self.truth = truth
            self.name = name
            self.segmentation = segmentation
            self.measurement = measurement
        }
    }

    /// Follows from the identity, so that the same order is the same evaluation.
    package var id: EvaluationID
    package var identity: Identity
    /// Ordered by name.
    package var cases: [Case]
    /// The job that joins the cases; nil until it is ordered.
    package var summaryJob: JobID?
    /// By the store's clock; nil until it is read from there.
    package var orderedAt: Date?

    package init(id: EvaluationID, identity: Identity, cases: [Case], summaryJob: JobID?, orderedAt: Date? = nil) {
        self.id = id
        self.identity = identity
        self.cases = cases
        self.summaryJob = summaryJob
        self.orderedAt = orderedAt
    }

    package var model: ModelReference { ModelReference(name: identity.modelName, version: identity.modelVersion) }
}
