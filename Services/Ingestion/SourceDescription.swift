import DICOMSeries
import Documents
import Foundation
import JobEngine
import DICOMSegmentations
import Studies
import WorkerRuntime

/// What a segmentation must say of the series it is drawn on: identifiers, places of the slices, patient and study as
/// far as the policy keeps them.
struct SourceDescription {
    let border: Border
    let job: JobContext

    /// - Parameter isFromStorage: whether the instances have passed the border already. Others pass it here, in copies
    ///   that are gone afterwards.
    /// - Returns: the artifact, and the ways in which instances that passed here may still show who the patient is.
    func store(_ series: DICOMSeries, isFromStorage: Bool) async throws -> (
        artifact: ArtifactReference, risks: [String: Int]
    ) {
        let files = Self.unique(series.instances.map(\.file))
        let (source, risks) =
            isFromStorage || !border.removesIdentity(job.record.tenant)
            ? (try read(files, isNamed: !isFromStorage), [:]) : try await read(admitting: files)
        let data = Data(try CanonicalJSON.string(source).utf8)
        return (try await job.store(.sourceSeries, data), risks)
    }

    private func read(_ files: [URL], isNamed: Bool) throws -> SourceSeries {
        try JobFailure.reading("study", isNamed: isNamed) { try SourceSeries(files: files) }
    }

    private func read(admitting files: [URL]) async throws -> (SourceSeries, risks: [String: Int]) {
        let folder = try job.temporaryFile(named: "source")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        var admitted: [URL] = []
        var risks: [String: Int] = [:]
        for (number, file) in files.enumerated() {
            try job.checkCancellation()
            let copy = folder.appending(path: "original-\(number).dcm")
            // A name of its own for what is held open; the border takes the name away and leaves the original.
            try FileManager.default.createSymbolicLink(at: copy, withDestinationURL: file)
            let target = folder.appending(path: "instance-\(number).dcm")
            let one = try await border.admit(copy, tenant: job.record.tenant, temporary: { target })
            admitted.append(one.file)
            for risk in one.risks { risks[risk, default: 0] += 1 }
        }
        return (try read(admitted, isNamed: false), risks)
    }

    /// Frames of one multi-frame object share its file.
    private static func unique(_ files: [URL]) -> [URL] {
        var seen: Set<URL> = []
        return files.filter { seen.insert($0).inserted }
    }
}
