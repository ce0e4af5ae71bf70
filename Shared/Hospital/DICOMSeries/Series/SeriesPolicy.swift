/// What may be done to a series that is not a regular grid. Set per tenant.
package struct SeriesPolicy: Sendable, Hashable, Codable {
    package enum MissingSlices: String, Sendable, Hashable, Codable, CaseIterable {
        /// A gap of whole slices is an error.
        case refuse
        /// It is filled by linear interpolation between its neighbours, and the decisions say so.
        case interpolate
    }

    package var missingSlices: MissingSlices

    package init(missingSlices: MissingSlices = .refuse) {
        self.missingSlices = missingSlices
    }
}
