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

    /// Reports how far the job is (0…1); stored with the next lease renewal. Free of patient data.
    package func progress(_ fraction: Double, _ note: String) throws {
        control.report(progress: fraction, note: note)
        try checkCancellation()
    }

    // MARK: Artifacts

    package func reference(_ role: String) -> ArtifactReference? { claimed.inputs.first { $0.role == role } }

    /// A local, readable file with the input's bytes; its length is verified. Do not write to it.
    ///
    /// Where the graph of jobs was laid out beforehand, a request could not name what its parents would write: that is
    /// taken from them, and recorded as an input with the job's end.
    package func input(_ role: String) async throws -> URL {
        if let reference = reference(role) { return try await open(reference) }
        guard let written = try await parentsOutput(role) else {
            throw JobFailure(
                class: .data, code: "input-missing",
                reason: "\(record.kind.rawValue) needs an input '\(role)', got \(claimed.inputs.map(\.role).sorted())")
        }
        control.note(written)
        return try await open(written)
    }

    /// The same for an input that need not be there.
    package func optionalInput(_ role: String) async throws -> URL? {
        if reference(role) == nil, try await parentsOutput(role) == nil { return nil }
        return try await input(role)
    }

    private func parentsOutput(_ role: String) async throws -> ArtifactReference? {
        for parent in try await jobs.parents(of: record.id) {
            let written = try await jobs.artifacts(of: parent).first { !$0.isInput && $0.reference.role == role }
            if let written { return written.reference }
        }
        return nil
    }

    package func open(_ reference: ArtifactReference) async throws -> URL {
        guard let address = ContentAddress(reference.address) else {
            throw JobFailure(
                class: .defect, code: "address-malformed", reason: "artifact address is not sha256:<64 hex digits>")
        }
        return try await objects.open(address, expectedByteCount: reference.byteCount)
    }

    /// Where to write an output before `store`; `suffix` ends the name, so that libraries find their extension.
    package func temporaryFile(named suffix: String) throws -> URL { try objects.temporaryFile(named: suffix) }

    /// Makes a finished temporary file durable under its content address.
    package func store(_ file: URL, role: String, mediaType: String) async throws -> ArtifactReference {
        try checkCancellation()
        let stored = try await objects.put(file)
        return ArtifactReference(
            role: role, address: stored.address.description, byteCount: stored.byteCount, mediaType: mediaType)
    }

    package func store(_ data: Data, role: String, mediaType: String) async throws -> ArtifactReference {
        try checkCancellation()
        return try await storeWhileStopping(data, role: role, mediaType: mediaType)
    }

    /// The same for a checkpoint that is saved because the handler was told to stop.
    package func storeWhileStopping(_ data: Data, role: String, mediaType: String) async throws -> ArtifactReference {
        let stored = try await objects.put(data)
        return ArtifactReference(
            role: role, address: stored.address.description, byteCount: stored.byteCount, mediaType: mediaType)
    }

    /// Records a checkpoint and facts now, under the job's token, while it goes on.
    package func record(checkpoints: [ArtifactReference] = [], facts: [Fact] = []) async throws {
        guard try await jobs.recordWhileRunning(record.id, token: claimed.token, checkpoints: checkpoints, facts: facts)
        else {
            control.interrupt(.leaseLost)
            throw JobInterruption.leaseLost
        }
    }

    /// Runs code that writes an output file; when it cannot, the disk is full or not writable, which another try may
    /// find mended.
    package func writingOutput(_ body: () throws -> Void) throws {
        do { try body() } catch {
            throw JobFailure(
                class: .resource, code: "output-not-written",
                reason: "an output could not be written to storage: free space there, or make it writable")
        }
    }
}
