import ArgumentParser
import Console
import DICOMSeries
import Documents
import Files
import Foundation
import Phantoms
import Threads
import Volumes

/// `columna-bench scenes`: anatomical scenes as a training asks for them, on one core.
struct BenchmarkScenesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenes", abstract: "Measure how many anatomical scenes a core makes for training.",
        discussion: """
            Every scene has a body and a place in it of its own. Times are the core's. With --sheet the scenes are shown in a picture,
            after real cases named with --beside (NIfTI files or folders of DICOM objects).

            Example:
              columna-bench scenes --patch 96 --spacing 2
            """)

    @Option(help: ArgumentHelp("Edge of the scenes in voxels, or D,H,W.", valueName: "voxels"))
    var patch: PatchSize?

    @Option(help: ArgumentHelp("Edge of a voxel.", valueName: "mm"))
    var spacing = 2.0

    @Option(help: "Scenes to make.", in: .from(1, to: 100_000))
    var scenes = 20

    @Option(help: "The first scene's seed.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("A folder with more bones than the program has.", valueName: "folder"))
    var bank: String?

    @Option(help: ArgumentHelp("A picture of all scenes to write (PNG).", valueName: "file"))
    var sheet: String?

    @Option(
        parsing: .upToNextOption, help: ArgumentHelp("Real cases to show in the picture, too.", valueName: "file"))
    var beside: [String] = []

    @Flag(help: "Make whole spines instead of crops.")
    var whole = false

    @Flag(help: "Print one JSON document instead of a sentence.")
    var json = false

    func run() async throws {
        let command = self
        try await OwnThread.run { try command.measure() }
    }

    private func measure() throws {
        let bank = try bank.map { try ShapeBank(folder: URL(filePath: $0), permissiveOnly: false) } ?? .packed
        let size = patch?.edges ?? [96, 96, 96]
        let view = AnatomicalView(
            coverage: whole ? .levels(1...25) : .anywhere, size: whole ? nil : size,
            spacingInMillimetres: [spacing, spacing, spacing])
        var pictures = SceneSheet(edge: whole ? 700 : 240)
        for path in sheet == nil ? [] : beside {
            let place = URL(filePath: path)
            let isFolder = try place.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false
            let volume = isFolder ? try DICOMReader.readSeries(at: place).volume : try NIfTI.readImage(place)
            pictures.add(volume, labels: nil, title: "real")
        }
        var seconds: [Double] = []
        for index in 0..<scenes {
            let start = AugmentationBenchmark.coreSeconds
            let (ct, labels) = try AnatomicalScene.make(
                seed: seed &+ UInt64(index), view: view, otherBones: 26, bank: bank)
            seconds.append(AugmentationBenchmark.coreSeconds - start)
            if sheet != nil { pictures.add(ct.map(Float.init), labels: labels, title: "\(seed &+ UInt64(index))") }
        }
        if let sheet { try pictures.png(columns: whole ? 3 : 6).write(to: URL(filePath: sheet)) }
        let sorted = seconds.sorted()
        let median = sorted[sorted.count / 2]
        if json {
            return print(
                JSONValue.object([
                    ("benchmark", "scenes"), ("patch", JSONValue(size.map { .integer($0) })),
                    ("spacing_mm", .number(spacing)), ("scenes", .integer(scenes)), ("median_seconds", .number(median)),
                    ("scenes_per_second", .number(1 / median)), ("peak_bytes", JSONValue(ProcessMemory.peakBytes())),
                ]).text)
        }
        print(
            String(
                format: "%.2f scenes/s a core: median %.0f ms, slowest %.0f ms of %d; peak memory %@", 1 / median,
                1000 * median, 1000 * (sorted.last ?? 0), scenes,
                ByteCountFormatter.string(fromByteCount: Int64(ProcessMemory.peakBytes() ?? 0), countStyle: .memory)))
    }
}
