import Foundation
import JobEngine
import Studies
import Testing
import Volumes

extension RunningSystemTests {
    /// Labels on their way into a data set: renumbered where they are read, kept by their contents, and nothing lost
    /// without a word.
    @Suite struct GroundTruthImportTests {
        /// A CT of 12×12×12 voxels, and label maps of it with one voxel a label.
        private func folder(_ name: String, _ maps: [String: [UInt8]]) async throws -> URL {
            let folder = try await RunningSystem.shared.inputs.appending(path: name, directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try NIfTI.write(BadInput.volume, to: folder.appending(path: "ct.nii.gz"))
            for (name, labels) in maps {
                var volume = Volume<UInt8>(geometry: BadInput.volume.geometry, repeating: 0)
                for (place, label) in labels.enumerated() { volume.voxels[700 + place] = label }
                let file = folder.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try NIfTI.write(volume, to: file)
            }
            return folder
        }

        /// The labels of a data set's truths, and what ingestion said of them.
        private func truths(_ dataSet: String) async throws -> (labels: [Set<UInt8>], summaries: [String]) {
            let system = try await RunningSystem.shared
            let jobs = try await system.store.jobs(JobFilter(stage: .ingestion, limit: 1000)).filter {
                $0.kind == IngestStudy.kind && $0.parameters.contains(#""dataSet":"\#(dataSet)""#)
            }
            var labels: [Set<UInt8>] = []
            for job in jobs {
                for output in try await system.outputs(of: job.id) where output.role == ArtifactKind.truth.role {
                    labels.append(Set(try NIfTI.readLabels(try await system.file(output)).voxels))
                }
            }
            return (labels, jobs.map(\.progressNote))
        }

        @Test func oneCTInTwoDataSetsHasTheTruthOfEach() async throws {
            let system = try await RunningSystem.shared
            let plan = try await TinyModel.planFile.path
            let folder = try await folder("readers", ["a.nii.gz": [20], "b.nii.gz": [26]])
            for (label, words) in [("a", [String]()), ("b", ["--wait", "--timeout", "120"])] {
                let done = try await system.columna(
                    [
                        "dataset", "import", folder.appending(path: "ct.nii.gz").path, "--label",
                        folder.appending(path: "\(label).nii.gz").path,
                        "--data-set", "reader-\(label)", "--numbering", "verse", "--plan", plan,
                    ] + words)
                #expect(done.status == 0, "\(done.errors)")
            }
            try await eventually("the first is imported too") {
                try await truths("reader-a").labels.isEmpty ? nil : true
            }
            #expect(try await truths("reader-a").labels == [[0, 20]])
            #expect(try await truths("reader-b").labels == [[0, 25]])
            // Nothing is written beside what is imported.
            #expect(
                Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == [
                    "ct.nii.gz", "a.nii.gz", "b.nii.gz",
                ])
        }

        @Test func aVertebraThatIsLeftOutIsSaidAtOnceAndInTheDescription() async throws {
            let system = try await RunningSystem.shared
            let folder = try await folder("verse", ["derivatives/sub-1/sub-1_seg-vert_msk.nii.gz": [24, 25, 25, 26]])
            let image = folder.appending(path: "rawdata/sub-1/sub-1_ct.nii.gz")
            try FileManager.default.createDirectory(
                at: image.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.moveItem(at: folder.appending(path: "ct.nii.gz"), to: image)
            let done = try await system.columna(
                [
                    "dataset", "import", folder.path, "--data-set", "verse", "--numbering", "verse", "--plan",
                    try await TinyModel.planFile.path, "--wait",
                    "--timeout", "120",
                ])
            #expect(done.status == 0 && done.output.contains("1 of 1 case"), "\(done.errors)")
            #expect(done.errors.contains("spine-25 has no L6 (2 voxels in case sub-1)"))
            let truths = try await truths("verse")
            #expect(truths.labels == [[0, 24, 25]])
            #expect(truths.summaries.first?.contains("label: spine-25 has no L6 (label 25, 2 voxels)") == true)
        }

        @Test func whereTheSiteFileNamesTenantsTheAdviceIsTheTenantsFolder() async throws {
            let system = try await RunningSystem.shared
            let folder = try await folder("advice", ["labels.nii.gz": [20]])
            let site = folder.appending(path: "site.yaml")
            try Data("tenants: {local: {input-roots: [/elsewhere]}}".utf8).write(to: site)
            let done = try await system.columna(
                [
                    "dataset", "import", folder.appending(path: "ct.nii.gz").path, "--label",
                    folder.appending(path: "labels.nii.gz").path, "--data-set", "advice",
                    "--plan", try await TinyModel.planFile.path, "--wait", "--timeout", "120",
                ], environment: ["COLUMNA_SITE": site.path])
            #expect(
                done.errors.contains("add it to tenants.local.input-roots in the site file")
                    && !done.errors.contains("columna local up"), "\(done.errors)")
        }

        @Test func masksAreMergedWhereTheyAreRead() async throws {
            let system = try await RunningSystem.shared
            let folder = try await folder(
                "masks", ["segmentations/vertebrae_L1.nii.gz": [1], "segmentations/sacrum.nii.gz": [0, 1]])
            let done = try await system.columna(
                [
                    "dataset", "import", folder.path, "--data-set", "masks", "--plan",
                    try await TinyModel.planFile.path, "--wait", "--timeout", "120",
                ])
            #expect(done.status == 0, "\(done.errors)\(done.output)")
            #expect(try await truths("masks").labels == [[0, 20, 25]])
        }

        @Test func aSubmittedLabelHasItsNumberingAndAnUnknownOneIsRefused() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.version
            let folder = try await folder("submitted", ["verse.nii.gz": [21, 25, 26]])
            let words = [
                "submit", folder.appending(path: "ct.nii.gz").path, "--label",
                folder.appending(path: "verse.nii.gz").path, "--model", "tiny",
            ]
            let done = try await system.columna(
                words + ["--numbering", "verse", "--message-id", "numbered", "--wait", "--timeout", "120"])
            #expect(done.status == 0, "\(done.errors)\(done.output)")
            #expect(done.errors.contains("spine-25 has no L6 (1 voxels"))
            let study = try await system.endedStudy(messageID: "numbered", tenant: "local")
            let summaries = try await system.jobs(of: study).map(\.progressNote)
            #expect(summaries.contains { $0.contains("label: spine-25 has no L6") })
            #expect(summaries.contains { $0.contains("the truth has as background what was left out: L6 (1 voxels)") })

            let refused = try await system.columna(
                words + ["--message-id", "unnumbered", "--wait", "--timeout", "120"])
            #expect(
                refused.status == 1 && (refused.output + refused.errors).contains("--numbering"),
                "\(refused.output)\(refused.errors)")
        }
    }
}
