import Foundation
import JobEngine
import Learning
import Studies
import Volumes
import WorkerRuntime

/// A data set's cases in storage, read when training needs them.
struct StoredCases: TrainingCases {
    private let files: [(image: URL, label: URL)]

    init(_ files: [(image: URL, label: URL)]) { self.files = files }

    init(_ cases: [DataSetCase], _ job: JobContext) async throws {
        var files: [(image: URL, label: URL)] = []
        for one in cases { files.append((image: try await job.open(one.image), label: try await job.open(one.label))) }
        self.files = files
    }

    var count: Int { files.count }

    func load(_ index: Int) throws -> TrainingCase {
        TrainingCase(image: try NIfTI.readImage(files[index].image), label: try NIfTI.readLabels(files[index].label))
    }
}
