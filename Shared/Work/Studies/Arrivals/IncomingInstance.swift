package import JobEngine

/// One SOP instance that has just been stored, and what it and what it belongs to go by.
package struct IncomingInstance: Sendable, Equatable {
    package var study: ArrivalKey
    package var series: ArrivalKey
    package var instance: ArrivalKey
    package var address: ContentAddress
    package var byteCount: Int
    /// Ways in which it may still show who the patient is, as de-identification saw them; sorted.
    package var risks: [String]

    package init(
        study: ArrivalKey, series: ArrivalKey, instance: ArrivalKey, address: ContentAddress, byteCount: Int,
        risks: [String] = []
    ) {
        self.study = study
        self.series = series
        self.instance = instance
        self.address = address
        self.byteCount = byteCount
        self.risks = risks
    }
}
