import Documents
package import JobEngine
package import Metrics

/// All that was measured of one pair of label maps.
package struct MeasuredCase: Sendable, Equatable, Encodable {
    package enum Variant: String, Sendable, Codable, CaseIterable {
        /// The label map as it went out.
        case delivered
        /// As the network left it, where a repair changed it.
        case unrepaired
    }

    /// Pseudonym.
    package var caseName: String
    package var variant: Variant
    package var study: StudyID?
    /// `NAME@VERSION`, or nil when the prediction came from elsewhere.
    package var modelVersion: ModelReference?
    package var metrics: CaseMetrics

    package init(
        caseName: String, variant: Variant = .delivered, study: StudyID? = nil, modelVersion: ModelReference? = nil,
        metrics: CaseMetrics
    ) {
        self.caseName = caseName
        self.variant = variant
        self.study = study
        self.modelVersion = modelVersion
        self.metrics = metrics
    }

    private enum CodingKeys: CodingKey { case caseName, variant, study, modelVersion, optionsJSON }

    /// With the metrics as rows.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(caseName, forKey: .caseName)
        try container.encode(variant, forKey: .variant)
        try container.encodeIfPresent(study, forKey: .study)
        try container.encodeIfPresent(modelVersion, forKey: .modelVersion)
        try container.encode(CanonicalJSON.string(metrics.options), forKey: .optionsJSON)
        try MeasurementRows(metrics).encode(to: encoder)
    }
}
