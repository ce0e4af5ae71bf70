import DICOMSeries
import Foundation
import JobEngine
import Storage
import Studies

/// Takes DICOM instances over the border, whichever way they come: as the tenant's policy wants them, durable, and
/// recorded in their study's arrival.
struct InstanceReceiver: Sendable {
    let arrivals: any ArrivalStore
    let objects: any ObjectStore
    let border: Border

    /// Takes over one Part 10 file; it is gone afterwards. When this returns, bytes and record survive a power cut.
    ///
    /// - Returns: the key of its study.
    /// - Throws: `DICOMError` for what cannot be read, `DeIdentificationError`, and `Fault`s of storage and
    ///   database.
    func take(_ file: URL, tenant: Tenant) async throws -> String {
        let identifiers = try InstanceIdentifiers.read(file)
        let keys = ArrivalKeys(tenant: tenant)
        let studyKey = try keys.key(identifiers.studyInstanceUID)
        let admitted = try await border.admit(
            file, tenant: tenant, temporary: { try objects.temporaryFile(named: "instance.dcm") })
        let stored = try await objects.put(admitted.file)
        let instance = ArrivedInstance(
            instanceKey: try keys.key(identifiers.sopInstanceUID),
            seriesKey: try keys.key(identifiers.seriesInstanceUID),
            address: stored.address, byteCount: stored.byteCount, risks: admitted.risks)
        _ = try await arrivals.receive(
            instance, tenant: tenant, studyKey: studyKey, maySupersede: identifiers.isComputedTomography)
        return studyKey
    }
}
