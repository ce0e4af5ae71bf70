import ArgumentParser
import Console
import Documents
import Files
import Foundation
import ModelExchange
import Networks
import Planning
import Plans
import PyTorchFiles
import Synchronization
import Threads
import Volumes

/// `columna-bench planning`: fingerprint and plan of a folder of nnU-Net's, reading included.
struct BenchmarkPlanningCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "planning", abstract: "Measure how long a data set's fingerprint and plan take.",
        discussion: """
            FOLDER has nnU-Net's imagesTr/NAME_0000.nii.gz and labelsTr/NAME.nii.gz. Benchmarks/planning/compare.py measures nnU-Net's own extractor and
            planner beside it and compares what both wrote.

            Example:
              columna-bench planning nnUNet_raw/Dataset900_Phantoms --classes 26 --output planned
            """)

    @Argument(help: "An nnU-Net raw data set.", completion: .directory)
    var folder: String

    @Option(help: "With background.", in: .from(2, to: 256))
    var classes = 26

    @Option(help: "Threads to compute on.", in: .threads)
    var threads = 2

    @Option(help: ArgumentHelp("A new folder for plans.json and dataset_fingerprint.json.", valueName: "folder"))
    var output: String?

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    func run() async throws {
        try output.map { try OutputFolder.requireNew("--output", $0) }
        let command = self
        try await OwnThread.run { try command.measure() }
    }

    private func measure() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/labelsTr")
            .filter { $0.hasSuffix(".nii.gz") }.map { String($0.dropLast(".nii.gz".count)) }.sorted()
        let clock = Stopwatch()
        let fingerprint = try DataSetFingerprint(cases(names))
        let fingerprinted = clock.seconds
        let made = try ExperimentPlanner(fingerprint, classes: classes).plan()
        let planned = clock.seconds
        try output.map { try write(made, fingerprint, to: URL(filePath: $0)) }
        let peak = ProcessMemory.peakBytes()
        if json {
            let document: JSONValue = [
                "cases": JSONValue(names.count), "seconds_of_fingerprint": .number(fingerprinted),
                "seconds_of_plan": .number(planned - fingerprinted), "seconds": .number(planned),
                "peak_bytes": JSONValue(peak),
            ]
            return print(document.text)
        }
        print(
            "\(names.count) cases: fingerprint \(Wording.duration(fingerprinted)), plan \(Wording.duration(planned - fingerprinted))"
        )
    }

    private func cases(_ names: [String]) throws -> [CaseFingerprint] {
        let draws = CaseFingerprint.draws(cases: names.count)
        let made = Mutex([CaseFingerprint?](repeating: nil, count: names.count))
        try ComputePool(threads: threads).tryForEach(count: names.count) { index in
            let one = try CaseFingerprint(
                image: NIfTI.readImage(URL(filePath: "\(folder)/imagesTr/\(names[index])_0000.nii.gz")),
                label: NIfTI.readLabels(URL(filePath: "\(folder)/labelsTr/\(names[index]).nii.gz")), draws: draws)
            made.withLock { $0[index] = one }
        }
        return made.withLock { $0.compactMap { $0 } }
    }

    private func write(_ made: ExperimentPlan, _ fingerprint: DataSetFingerprint, to folder: URL) throws {
        let plan = try made.plan(fingerprint, labelSet: classes == 26 ? "spine-25" : "benchmark")
        let export = try NNUNetExport.planned(plan, fingerprint, dataSet: "benchmark")
        try OutputFolder.write(export.files(), to: folder)
    }
}
