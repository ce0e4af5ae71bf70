import Foundation
import JobEngine
import Phantoms
import Studies
import Testing
import Threads
import Volumes

extension RunningSystemTests {
    /// A data set with one of everything that people's have: what can be imported is, the rest is told with its reason,
    /// and labels that cannot be a spine are found.
    @Suite struct SpoiltDataSetTests {
        private static let phantom = PhantomConfiguration(
            coverage: .levels(20...25), spacingInMillimetres: [3, 3, 3])

        /// Ten cases, of which two are clean, three have wrong labels that can be read, three cannot be read, one is torn
        /// and one has no CT.
        private static func write(to folder: URL) throws {
            let study = try PhantomStudy(seed: 1, configuration: phantom)
            func put(_ name: String, _ labels: Volume<UInt8>?) throws -> URL {
                let place = folder.appending(path: name, directoryHint: .isDirectory)
                var study = study
                if let labels { study.labels = labels }
                try study.write(to: place, format: .nifti)
                return place
            }
            _ = try put("clean", nil)
            try PhantomStudy(seed: 2, configuration: phantom).write(
                to: folder.appending(path: "clean-2"), format: .nifti)
            _ = try put("empty", study.labels.map { _ in 0 })
            _ = try put("gap", study.labels.map { $0 == 22 ? 0 : $0 })
            _ = try put("stranger", study.labels.map { $0 == 25 ? 77 : $0 })
            _ = try put("swapped", study.labels.map { $0 == 21 ? 22 : $0 == 22 ? 21 : $0 })
            let lonely = try put("lonely", nil)
            try FileManager.default.removeItem(at: PhantomStudy.ctLocation(in: lonely, format: .nifti))
            for (name, labels) in [("torn", false), ("torn-labels", true)] {
                let place = try put(name, nil)
                let file =
                    labels
                    ? PhantomStudy.labelsLocation(in: place) : PhantomStudy.ctLocation(in: place, format: .nifti)
                let bytes = try Data(contentsOf: file)
                try bytes.prefix(bytes.count / 2).write(to: file)
            }
            let other = try put("other-grid", nil)
            try NIfTI.write(
                Volume<UInt8>(geometry: Geometry(size: [9, 9, 9], affine: .identity), repeating: 20),
                to: PhantomStudy.labelsLocation(in: other))
        }

        @Test func whatCanBeReadIsImportedAndTheRestIsToldWithItsReason() async throws {
            let system = try await RunningSystem.shared
            let folder = system.inputs.appending(path: "spoilt", directoryHint: .isDirectory)
            try await OwnThread.run { try Self.write(to: folder) }
            let plan = try await TinyModel.planFile.path
            let words = ["dataset", "import", folder.path, "--data-set", "spoilt", "--plan", plan]
            let done = try await system.columna(words + ["--wait", "--timeout", "180"])
            #expect(done.status == 1, "\(done.errors)")
            for sentence in [
                "5 of 9 cases imported into data set spoilt, 1 not readable, 4 failed",
                "lonely: left out: lonely has labels and no CT", "torn: truncated: ", "torn-labels: truncated: label: ",
                "other-grid: label-grid-mismatch: ", "stranger: label-unknown: ",
            ] { #expect(done.output.contains(sentence), "\(sentence) in \(done.output)") }
            #expect(done.errors.contains("spoilt is taken for folders of CT and labels (--format columna)"))

            let check = try await system.columna(["dataset", "check", "spoilt"])
            #expect(check.status == 1)
            for sentence in [
                "10 cases were ordered: 5 arrived, 4 failed, 1 refused", "3 of 5 checked cases flagged",
                "empty: no vertebra was found", "gap: L3 is missing between L2 and L4", "swapped: L3 lies ",
                "torn: failed: truncated: ", "no case has C1, ",
            ] { #expect(check.output.contains(sentence), "\(sentence) in \(check.output)") }
            #expect(!check.output.contains("clean"))

            // What failed is tried again once it is mended, and nothing else.
            let mended = folder.appending(path: "stranger", directoryHint: .isDirectory)
            try await OwnThread.run {
                try PhantomStudy(seed: 3, configuration: Self.phantom).write(to: mended, format: .nifti)
            }
            let again = try await system.columna(words + ["--wait", "--timeout", "180"])
            #expect(
                again.output.contains("1 of 4 cases imported into data set spoilt, 5 there already"), "\(again.output)")
        }
    }
}
