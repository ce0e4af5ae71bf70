import Anatomy
import DICOMSeries
import Foundation
import Metrics
import Phantoms
import Plausibility
import Reports
import Testing
import Threads
import Volumes

/// A worker with N slots must not take N times all cores: every loop of every library keeps to `COLUMNA_THREADS`.
@Suite struct EveryLoopTests {
    /// In a process of its own, because the environment is read once. Threads that a loop starts stay for seconds.
    @Test func everyLoopKeepsToTheThreadsOfTheEnvironment() async {
        await #expect(processExitsWith: .success) {
            setenv("COLUMNA_THREADS", "1", 1)
            #expect(ComputePool.shared.threads == 1)
            let folder = FileManager.default.temporaryDirectory.appending(path: "columna-loops-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let before = try Self.threads()
            for (name, loop) in try Self.loops(in: folder) {
                try loop()
                #expect(try Self.threads().subtracting(before).isEmpty, "\(name) starts threads")
            }
        }
    }

    private static func threads() throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task"))
    }

    private static func loops(in folder: URL) throws -> [(String, () throws -> Void)] {
        let (ct, labels) = try Phantom.make(
            seed: 1, configuration: PhantomConfiguration(coverage: .levels(20...22), size: [32, 24, 40]))
        let image = Volume<Float>(geometry: ct.geometry, voxels: ct.voxels.map(Float.init))
        let grid = try Resampling(of: ct.geometry, toSpacingInMillimetres: [2, 2, 2], convention: .monai)
        return [
            ("linear resampling", { _ = grid.image(image, interpolation: .linear) }),
            ("cubic resampling", { _ = grid.image(image, interpolation: .cubic) }),
            ("resampling of labels", { _ = try grid.labels(labels) }),
            ("turning", { _ = image.reoriented(to: .ras) as Volume<Float> }),
            ("gzip", { try NIfTI.write(ct, to: folder.appending(path: "ct.nii.gz")) }),
            (
                "reading NIfTI",
                {
                    try NIfTI.write(ct, to: folder.appending(path: "ct.nii"))
                    _ = try NIfTI.readImage(folder.appending(path: "ct.nii"))
                }
            ),
            (
                "DICOM",
                {
                    try DICOMWriter.writeSeries(
                        ct, to: folder.appending(path: "dicom"), facts: DICOMWriter.SeriesFacts(seed: 1))
                    _ = try DICOMReader.readSeries(at: folder.appending(path: "dicom"))
                }
            ),
            ("metrics", { _ = try CaseMetrics.measure(truth: labels, prediction: labels, labelSet: .spine25) }),
            ("plausibility", { _ = PlausibilityReport(labels, labelSet: .spine25) }),
            ("surfaces", { _ = SurfaceScene(truth: labels, prediction: labels, labelSet: .spine25) }),
        ]
    }
}
