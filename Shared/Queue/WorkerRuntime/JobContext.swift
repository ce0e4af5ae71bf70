package import FoundationEssentials
package import JobEngine
package import Logging
import Storage

/// All that a handler sees of the engine while it runs one job.
package struct JobContext: Sendable {
    package let claimed: ClaimedJob
    package let configuration: WorkerConfiguration
    package let log: Logger
    let control: JobControl
    let jobs: any JobStore
    let objects: any ObjectStore

    package var record: JobRecord { claimed.record }

    /// The jobs that this one was made by or waited for.
    package func parents() async throws -> [JobID] { try await jobs.parents(of: record.id) }

    // MARK: Control

    /// Throws ``JobInterruption`` when the handler must stop.
    package func checkCancellation() throws {
        if let interruption = control.interruption { throw interruption }
    }

    /// Whether an operator wants the job to end soon, with what it has by then. Handlers of kinds with
    /// `finishesOnRequest` ask where their work can end.
    package var isAskedToFinish: Bool { control.isAskedToFinish }

    /// Reports how far the job is (0…1); stored with the next lease renewal. Free of patient data.
    package func progress(_ fraction: Double, _ note: String) throws {
        control.report(progress: fraction, note: note)
        try checkCancellation()
    }

    // MARK: Artifacts

    package func reference(_ kind: ArtifactKind) -> ArtifactReference? { claimed.inputs.first(of: kind) }

    /// A local, readable file with the input's bytes; its length is verified. Do not write to it.
    ///
    /// Where the graph of jobs was laid out beforehand, a request could not name what its parents would write: that is
    /// taken from them, and recorded as an input with the job's end.
    package func input(_ kind: ArtifactKind) async throws -> URL {
        guard let file = try await optionalInput(kind) else {
            throw JobFailure(
                class: .data, code: "input-missing",
                reason:
                    "\(record.kind.rawValue) needs an input '\(kind.role)', got \(claimed.inputs.map(\.role).sorted())")
        }
        return file
    }

    /// The same for an input that need not be there.
    package func optionalInput(_ kind: ArtifactKind) async throws -> URL? {
        if let reference = reference(kind) { return try await open(reference) }
        guard let written = try await parentsOutput(kind) else { return nil }
        control.note(written)
        return try await open(written)
    }

    private func parentsOutput(_ kind: ArtifactKind) async throws -> ArtifactReference? {
        for parent in try await jobs.parents(of: record.id) {
            let outputs = try await jobs.artifacts(of: parent).filter { !$0.isInput }.map(\.reference)
            if let written = outputs.first(of: kind) { return written }
        }
        return nil
    }

    package func open(_ reference: ArtifactReference) async throws -> URL {
        try await open(reference.address, byteCount: reference.byteCount)
    }

    /// The same, with its bytes read and compared with their address.
    ///
    /// - Throws: `StorageError`: `missing`, `wrongLength`, `wrongHash` where they are not what was stored.
    package func openVerified(_ reference: ArtifactReference) async throws -> URL {
        let file = try await open(reference)
        guard case .intact = try await objects.verify(reference.address) else {
            throw StorageError(
                .wrongHash, "object \(reference.address) is damaged: run columna storage verify",
                address: reference.address)
        }
        return file
    }

    package func open(_ address: ContentAddress, byteCount: Int) async throws -> URL {
        try await objects.open(address, expectedByteCount: byteCount)
    }

    /// Where to write what is no output, or not yet; `suffix` ends the name, so that libraries find their extension.
    package func temporaryFile(named suffix: String) throws -> URL { try objects.temporaryFile(named: suffix) }

    /// Runs code that writes an output into the file it is given, and makes that durable under its content address.
    /// When it cannot be written, the disk is full or not writable, which another try may find mended.
    package func store(_ kind: ArtifactKind, writing: (URL) throws -> Void) async throws -> ArtifactReference {
        let file = try temporaryFile(named: kind.fileName)
        do { try writing(file) } catch {
            throw JobFailure(
                class: .resource, code: "output-not-written",
                reason: "an output could not be written to storage: free space there, or make it writable")
        }
        try checkCancellation()
        return ArtifactReference(kind, try await objects.put(file))
    }

    package func store(_ kind: ArtifactKind, _ data: Data) async throws -> ArtifactReference {
        try checkCancellation()
        return try await storeWhileStopping(kind, data)
    }

    /// The same for a checkpoint that is saved because the handler was told to stop.
    package func storeWhileStopping(_ kind: ArtifactKind, _ data: Data) async throws -> ArtifactReference {
        ArtifactReference(kind, try await objects.put(data))
    }

    /// Records a checkpoint and facts now, under the job's token, while it goes on.
    package func record(checkpoints: [ArtifactReference] = [], facts: [Fact] = []) async throws {
        guard try await jobs.recordWhileRunning(record.id, token: claimed.token, checkpoints: checkpoints, facts: facts)
        else {
            control.interrupt(.leaseLost)
            throw JobInterruption.leaseLost
        }
    }

    /// Lets go of all checkpoints except some, and of their bytes where nothing else refers to them.
    ///
    /// Another job that stores the very same bytes in this moment may lose them: of equal runs, each still has the
    /// checkpoint before.
    package func releaseCheckpoints(except kept: [ArtifactReference]) async throws {
        guard
            let unused = try await jobs.releaseCheckpoints(
                record.id, token: claimed.token, except: kept.map(\.address))
        else {
            control.interrupt(.leaseLost)
            throw JobInterruption.leaseLost
        }
        for address in unused { try await objects.remove(address) }
    }
}
