import Anatomy
import ArgumentParser
import Console
import Foundation
import Phantoms
import Threads
import Volumes

/// `columna phantom`: CT-like spines whose every label is known.
struct PhantomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phantom", abstract: "Make CT-like spines with labels (spine-25), the same for the same seed.",
        discussion: """
            The anatomical style composes real bones on drawn spines, in bodies and scanners of random looks: contrast media, noise,
            slice thickness and kernel are drawn from the seed.

            Writes OUT/case-0001/ct.nii.gz (or ct/ with DICOM objects) and OUT/case-0001/labels.nii.gz, and so on.

            Examples:
              columna phantom phantoms --count 8
              columna phantom one --format dicom --levels T11-sacrum --spacing 0.9,0.9,2 --seed 7
              columna phantom any --count 3 --anywhere --size 64,64,96
              columna phantom bodies --style anatomical --levels C1-sacrum --spacing 2
            """)

    @Argument(help: "The folder to write into.", completion: .directory)
    var out: String

    @Option(help: "The first case's seed; the next case has the next one.")
    var seed: UInt64 = 1

    @Option(help: "How many cases.", in: .from(1, to: 10_000))
    var count = 1

    @Option(help: "schematic or anatomical.")
    var style = Style.schematic

    @Option(help: "dicom or nifti.")
    var format = PhantomStudy.Format.nifti

    @Option(
        help: ArgumentHelp("Voxel size: one number or three separated by commas.", valueName: "mm"),
        transform: Numbers.triple)
    var spacing: [Double] = [1.5, 1.5, 1.5]

    @Option(
        help: ArgumentHelp("First and last level in view, as in T11-sacrum or L1-L5.", valueName: "level-level"),
        transform: Self.levels)
    var levels: ClosedRange<UInt8> = 20...24

    @Flag(help: "Any part of the spine, drawn from the seed, instead of --levels; needs --size.")
    var anywhere = false

    @Option(
        help: ArgumentHelp(
            "Voxels along the axes: one number or three separated by commas; fits the levels when left out.",
            valueName: "voxels"), transform: Numbers.wholeTriple)
    var size: [Int]?

    @Option(
        help: "Standard deviation of the noise in Hounsfield units (schematic: 15, anatomical: drawn from the seed).",
        in: .from(0, to: 1000))
    var noise: Double?

    /// How true to life phantoms are.
    enum Style: String, CaseIterable, ExpressibleByArgument, DescribedArgument {
        case schematic, anatomical
    }

    func validate() throws {
        guard !anywhere || size != nil else {
            throw ValidationError("--anywhere needs --size, for example --size 96,96,160")
        }
        guard style == .schematic || noise == nil else {
            throw ValidationError("--noise is drawn from the seed in the anatomical style: leave it out")
        }
        try usage(of: style == .schematic ? phantoms.validate : view.validate)
    }

    func run() async throws {
        let (out, format, seed) = (URL(filePath: out, directoryHint: .isDirectory), format, seed)
        let (style, configuration, view) = (style, phantoms, view)
        let progress = ProgressLine()
        for index in 0..<count {
            progress.show(Double(index) / Double(count), "case \(index + 1) of \(count)")
            let folder = out.appending(path: "case-" + String(format: "%04d", index + 1), directoryHint: .isDirectory)
            let geometry = try await OwnThread.run {
                let number = seed &+ UInt64(index)
                let study =
                    style == .schematic
                    ? try PhantomStudy(seed: number, configuration: configuration)
                    : try PhantomStudy(seed: number, view: view)
                try study.write(to: folder, format: format)
                return study.ct.geometry
            }
            progress.end()
            print("\(folder.path(percentEncoded: false)): \(geometry)")
        }
    }

    private var phantoms: PhantomConfiguration {
        PhantomConfiguration(
            coverage: anywhere ? .anywhere : .levels(levels), size: size, spacingInMillimetres: spacing,
            noiseInHounsfieldUnits: noise ?? 15)
    }

    private var view: AnatomicalView {
        AnatomicalView(
            coverage: anywhere ? .anywhere : .levels(levels), size: size, spacingInMillimetres: spacing,
            orientation: "LPS")
    }

    @Sendable private static func levels(_ text: String) throws -> ClosedRange<UInt8> {
        let names = text.split(separator: "-").map(String.init)
        let values = names.compactMap { LabelSet.spine25.value(of: $0) }.filter { $0 > 0 }
        guard (1...2).contains(names.count), values.count == names.count, let first = values.first,
            let last = values.last, first <= last
        else {
            throw ValidationError(
                "expected levels from the head down, as in T11-sacrum or L1-L5 (C1…C7, T1…T12, L1…L5, sacrum)")
        }
        return first...last
    }
}

extension PhantomStudy.Format: DescribedArgument {}
