package import JobEngine

/// What has been sent to which archive, so that a retry never stores a result twice.
package protocol DeliveryLedger: Sendable {
    /// Notes that an object is about to be sent. `.begun`: an earlier attempt noted it and did not come back, so the
    /// destination must be asked.
    func begin(_ delivery: ResultDelivery) async throws -> DeliveryState

    /// Notes that the destination has it.
    func markStored(_ delivery: ResultDelivery) async throws
}

package struct ResultDelivery: Sendable, Equatable {
    /// Name of a node of the site file.
    package var destination: String
    package var object: ArrivalKey
    package var tenant: Tenant
    package var study: StudyID
    /// The object in storage.
    package var address: ContentAddress
    package var byteCount: Int

    package init(
        destination: String, object: ArrivalKey, tenant: Tenant, study: StudyID, address: ContentAddress, byteCount: Int
    ) {
        self.byteCount = byteCount
        self.destination = destination
        self.object = object
        self.tenant = tenant
        self.study = study
        self.address = address
    }
}

package enum DeliveryState: Sendable, Equatable {
    case new, begun, stored
}
