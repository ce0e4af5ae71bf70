package import Foundation

/// All that was measured of one pair of label maps, as plain rows: the tables of migration 011.
package struct MeasuredCase: Sendable, Codable, Equatable {
    package enum Variant: String, Sendable, Codable, CaseIterable {
        /// The label map as it went out.
        case delivered
        /// As the network left it, where a repair changed it.
        case unrepaired
    }

    /// Pseudonym.
    package var caseName: String
    package var variant: Variant
    package var study: UUID?
    /// `NAME@VERSION`, or nil when the prediction came from elsewhere.
    package var modelVersion: String?
    /// JSON object: what the comparison left open.
    package var optionsJSON: String
    package var summary: CaseSummaryRow
    package var classes: [ClassMeasurement]
    package var distances: [DistanceMeasurement]
    package var agreements: [AgreementMeasurement]
    package var confusion: [ConfusionMeasurement]

    package init(
        caseName: String, variant: Variant = .delivered, study: UUID? = nil, modelVersion: String? = nil,
        optionsJSON: String = "{}",
        summary: CaseSummaryRow = CaseSummaryRow(), classes: [ClassMeasurement], distances: [DistanceMeasurement] = [],
        agreements: [AgreementMeasurement] = [], confusion: [ConfusionMeasurement] = []
    ) {
        self.caseName = caseName
        self.variant = variant
        self.study = study
        self.modelVersion = modelVersion
        self.optionsJSON = optionsJSON
        self.summary = summary
        self.classes = classes
        self.distances = distances
        self.agreements = agreements
        self.confusion = confusion
    }
}
