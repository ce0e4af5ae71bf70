import DICOMSeries
import Foundation
import JobEngine
import Site
import Storage
import Studies

/// Takes DICOM instances over the border, whichever way they come: as the tenant's policy wants them, durable, and
/// recorded in their study's arrival.
struct InstanceReceiver: Sendable {
    let arrivals: any ArrivalStore
    let objects: any ObjectStore
    let border: Border
    let keys: ArrivalKeys

    /// Takes over one Part 10 file; it is gone afterwards. When this returns, bytes and record survive a power cut.
    ///
    /// - Returns: the key that its study has.
    /// - Throws: `DICOMError` for what cannot be read, `DeIdentificationError`, `SiteError` without the site's secret,
    ///   and `Fault`s of storage and database.
    func take(_ file: URL, tenant: Tenant) async throws -> String {
        let identifiers = try InstanceIdentifiers.read(file)
        let (study, series, name) = (
            try keys.key(identifiers.studyInstanceUID, tenant: tenant),
            try keys.key(identifiers.seriesInstanceUID, tenant: tenant),
            try keys.key(identifiers.sopInstanceUID, tenant: tenant)
        )
        let admitted = try await border.admit(
            file, tenant: tenant, temporary: { try objects.temporaryFile(named: "instance.dcm") })
        let stored = try await objects.put(admitted.file)
        let instance = IncomingInstance(
            study: study, series: series, instance: name, address: stored.address,
            byteCount: stored.byteCount, risks: admitted.risks)
        return try await arrivals.receive(
            instance, tenant: tenant, maySupersede: identifiers.isComputedTomography
        ).studyKey
    }
}
