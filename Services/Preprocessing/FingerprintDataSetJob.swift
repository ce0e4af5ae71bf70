import Foundation
import JobEngine
import Planning
import Studies
import Synchronization
import Threads
import Volumes
import WorkerRuntime

/// Takes a data set's fingerprint from the volumes and labels that its cases were made of, several cases at a time.
struct FingerprintDataSetJob: JobHandler {
    /// What one case holds at its peak for a voxel: image and labels, both turned as well, and what is labelled.
    private static let bytesPerVoxel = 16

    func run(_ job: JobContext, _ parameters: FingerprintDataSet) async throws -> Completion {
        let cases = parameters.cases
        var files: [(volume: URL, truth: URL)] = []
        for one in cases { files.append((try await job.open(one.volume), try await job.open(one.truth))) }
        let fingerprint = try fingerprint(of: cases.map(\.name), files, job)
        try job.progress(0.99, "storing the fingerprint")
        let output = try await job.store(.fingerprint, try fingerprint.json())
        return Completion(
            outputs: [output], additionalInputs: cases.flatMap { [$0.volume, $0.truth] },
            summary: "fingerprint of \(cases.count) cases of \(parameters.dataSet)")
    }

    private func fingerprint(of names: [String], _ files: [(volume: URL, truth: URL)], _ job: JobContext) throws
        -> DataSetFingerprint
    {
        let draws = CaseFingerprint.draws(cases: names.count)
        let made = Mutex<(count: Int, cases: [CaseFingerprint?])>(
            (0, [CaseFingerprint?](repeating: nil, count: names.count)))
        try pool(for: files.map(\.volume), job).tryForEach(count: names.count) { index in
            let one = try JobFailure.blamingInput("case-unusable", named: names[index]) {
                try CaseFingerprint(
                    image: NIfTI.readImage(files[index].volume), label: NIfTI.readLabels(files[index].truth),
                    draws: draws)
            }
            let count = made.withLock { made in
                made.cases[index] = one
                made.count += 1
                return made.count
            }
            try job.progress(0.98 * Double(count) / Double(names.count), "case \(count) of \(names.count)")
        }
        return try JobFailure.blamingInput("data-set-unusable") {
            try DataSetFingerprint(made.withLock { $0.cases.compactMap { $0 } })
        }
    }

    /// As many threads as there is memory for the largest case.
    private func pool(for volumes: [URL], _ job: JobContext) throws -> ComputePool {
        let largest = try volumes.map { file in
            try JobFailure.blamingInput("volume-unreadable") { try NIfTI.readHeader(file) }.geometry.voxelCount
        }.max()
        let fitting = job.configuration.memoryLimitInBytes / max(1, (largest ?? 0) * Self.bytesPerVoxel)
        let threads = ComputePool.shared.threads
        return fitting >= threads ? .shared : ComputePool(threads: max(1, fitting))
    }
}

extension JobFailure {
    /// As `blamingInput`, of one case of several.
    fileprivate static func blamingInput<Result>(_ code: String, named name: String, _ body: () throws -> Result) throws
        -> Result
    {
        do { return try blamingInput(code, body) } catch var failure as JobFailure {
            failure.reason = "case \(name): \(failure.reason)"
            throw failure
        }
    }
}
