import ArgumentParser
import Console
import Documents
import Files
import Foundation
import Threads
import Volumes

/// `columna-bench resampling`: a volume to other voxel sizes, reading and writing left out.
struct BenchmarkResamplingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resampling", abstract: "Measure how long a volume takes to other voxel sizes.",
        discussion: """
            Example:
              columna-bench resampling ct.nii --spacing 1.5 --interpolation cubic
            """)

    @Argument(help: "NIfTI file, or DICOM folder or file.", completion: .file())
    var input: String

    @Option(
        help: ArgumentHelp("One number, or three for i, j, k separated by commas.", valueName: "mm"),
        transform: Numbers.triple)
    var spacing = [1.5, 1.5, 1.5]

    @Option(help: "linear, nearest or cubic.")
    var interpolation = Interpolation.linear

    @Option(help: "Whose rules the new grid follows: monai, nnunet or itk.")
    var convention = ResamplingConvention.monai

    @Option(help: "Threads to compute on.", in: .threads)
    var threads = 2

    @Option(help: "Measured runs, after one that warms up.", in: .repeats)
    var `repeat` = 5

    @Option(help: ArgumentHelp("Where to write the last run's volume: .nii or .nii.gz.", valueName: "file"))
    var output: String?

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    @Flag(help: .hidden)
    var serve = false

    func validate() throws {
        if let output, !ImageSource.isWritable(output) { throw ValidationError("--output must end in .nii or .nii.gz") }
    }

    func run() async throws {
        let command = self
        try await OwnThread.run { try command.measure() }
    }

    private func measure() throws {
        let volume = try ImageSource(input).volume
        let pool = ComputePool(threads: threads)
        let resampling = try Resampling(of: volume.geometry, toSpacingInMillimetres: spacing, convention: convention)
        // The result is let go of outside the time that is measured, as a caller would.
        var last: Volume<Float>?
        func run() -> Double {
            last = nil
            let clock = Stopwatch()
            last = resampling.image(volume, interpolation: interpolation, pool: pool)
            return clock.seconds
        }
        if serve {
            try BenchmarkService.serve { [("seconds_of_resampling", .number(run()))] }
        } else {
            _ = run()
            show((0..<self.repeat).map { _ in run() }.sorted(), resampling)
        }
        if let output, let last { try NIfTI.write(last, to: URL(filePath: output)) }
    }

    private func show(_ seconds: [Double], _ resampling: Resampling) {
        let median = (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
        let peak = ProcessMemory.peakBytes()
        if json {
            return print(
                JSONValue.object([
                    ("benchmark", "resampling"), ("interpolation", .string(interpolation.rawValue)),
                    ("convention", .string(convention.rawValue)),
                    ("threads", .integer(threads)), ("from", ImageSource.json(resampling.source)),
                    ("to", ImageSource.json(resampling.target)),
                    ("median_seconds", .number(median)), ("seconds", JSONValue(seconds.map { .number($0) })),
                    ("peak_bytes", JSONValue(peak)),
                ]).text)
        }
        var table = TextTable("resampling", "")
        table.add("from", resampling.source.description)
        table.add("to", resampling.target.description)
        table.add("how", "\(interpolation.rawValue), \(convention.rawValue), on \(Wording.count(threads, "thread"))")
        table.add("median of \(Wording.count(seconds.count, "run"))", String(format: "%.3f s", median))
        table.add("peak memory of the process", peak.map { "\($0 >> 20) MiB" } ?? "-")
        print(table.text)
    }
}
