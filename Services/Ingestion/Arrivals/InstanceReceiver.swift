import DICOM
import Foundation
import JobEngine
import Storage

/// Takes DICOM instances over the border, whichever way they come: as the tenant's policy wants them, durable, and recorded in their study's arrival.
struct InstanceReceiver: Sendable {
    let arrivals: any ArrivalStore
    let objects: any ObjectStore
    let border: Border

    /// What was taken, for the sender's side to account for.
    struct Taken {
        let reception: Reception
        let studyKey: String
    }

    /// Takes over one Part 10 file; it is gone afterwards. When this returns, bytes and record survive a power cut.
    ///
    /// - Throws: `DICOMError` for what cannot be read, `DeIdentificationError`, and `ClassifiedError`s of storage and database.
    func take(_ file: URL, tenant: String, now: Date = Date()) async throws -> Taken {
        let identifiers = try InstanceIdentifiers.read(file)
        let keys = ArrivalKeys(tenant: tenant)
        let studyKey = try keys.key(identifiers.studyInstanceUID)
        let admitted = try await border.admit(file, tenant: tenant, temporary: { try objects.temporaryFile(named: "instance.dcm") })
        let stored = try await objects.put(admitted.file)
        let instance = ArrivedInstance(
            instanceKey: try keys.key(identifiers.sopInstanceUID), seriesKey: try keys.key(identifiers.seriesInstanceUID),
            address: stored.address.description, byteCount: stored.byteCount, risks: admitted.risks)
        let reception = try await arrivals.receive(
            instance, tenant: tenant, studyKey: studyKey, maySupersede: identifiers.isComputedTomography, now: now)
        return Taken(reception: reception, studyKey: studyKey)
    }
}
