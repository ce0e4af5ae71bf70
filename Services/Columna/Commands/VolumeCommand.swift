import ArgumentParser
import Foundation
import Volumes

/// `columna volume …`: look at volumes and change their form.
struct VolumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume", abstract: "Describe, convert and resample volumes.",
        subcommands: [VolumeInfoCommand.self, VolumeConvertCommand.self, VolumeResampleCommand.self])
}

struct VolumeInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Describe a volume: grid, orientation, values.",
        discussion: """
            Examples:
              columna volume info ct.nii.gz
              columna volume info dicom-folder --json
            """)

    @Argument(help: "NIfTI file, or DICOM folder or file.", completion: .file())
    var input: String

    @Flag(help: "Read the header only: no values, and no look for damage behind it (NIfTI).")
    var headerOnly = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (input, headerOnly) = (input, headerOnly)
        let header = ImageSource.isNIfTI(input) ? try await OwnThread.run { try NIfTI.readHeader(URL(filePath: input)) } : nil
        let values = headerOnly && header != nil ? nil : try await OwnThread.run { try VolumeValues(ImageSource(input).volume) }
        guard let geometry = header?.geometry ?? values?.geometry else { return }
        output.show(json(geometry, header, values)) { show(geometry, header, values) }
    }

    private func json(_ geometry: Geometry, _ header: NIfTIHeader?, _ values: VolumeValues?) -> JSONValue {
        [
            "format": JSONValue(header.map { "NIfTI-\($0.version)" } ?? "DICOM"), "geometry": ImageSource.json(geometry),
            "voxel_count": JSONValue(geometry.voxelCount), "voxel_volume_mm3": JSONValue(geometry.voxelVolumeInCubicMillimetres),
            "voxel_type": JSONValue(header.map { "\($0.voxelType)" }), "slope": JSONValue(header?.slope),
            "intercept": JSONValue(header?.intercept), "affine_source": JSONValue(header?.affineSource.rawValue),
            "is_big_endian": header.map { JSONValue($0.isBigEndian) } ?? nil, "minimum": JSONValue(values?.minimum),
            "maximum": JSONValue(values?.maximum), "mean": JSONValue(values?.mean),
            "labels": values?.labels.map { .object($0.map { (key: String($0.value), value: JSONValue($0.count)) }) } ?? nil,
        ]
    }

    private func show(_ geometry: Geometry, _ header: NIfTIHeader?, _ values: VolumeValues?) {
        var table = TextTable("fact", "value")
        table.add("format", header.map { "NIfTI-\($0.version), \($0.voxelType), affine from \($0.affineSource.rawValue)" } ?? "DICOM")
        table.add("grid", geometry.description)
        let extent = zip(geometry.size, geometry.spacingInMillimetres).map { String(Int((Double($0) * $1).rounded())) }
        table.add("extent", extent.joined(separator: "×") + " mm")
        table.add("voxels", "\(geometry.voxelCount) of \(Wording.ratio(geometry.voxelVolumeInCubicMillimetres, digits: 3)) mm³")
        if let values {
            table.add("values", "\(values.minimum) to \(values.maximum), mean \(Wording.ratio(values.mean, digits: 2))")
            if let labels = values.labels {
                table.add("labels", labels.map { "\($0.value): \($0.count)" }.joined(separator: "  "))
            }
        }
        print(table.text)
    }
}

/// Range and mean of a volume; the number of voxels per label if it looks like a label map.
private struct VolumeValues: Sendable {
    let geometry: Geometry
    let minimum: Double
    let maximum: Double
    let mean: Double
    /// Nil unless all values are whole numbers 0…255 and few of them occur.
    let labels: [(value: Int, count: Int)]?

    init(_ volume: Volume<Float>) {
        geometry = volume.geometry
        var (low, high, sum, isWhole) = (Float.infinity, -Float.infinity, 0.0, true)
        for value in volume.voxels {
            low = min(low, value)
            high = max(high, value)
            sum += Double(value)
            if isWhole, value != value.rounded() { isWhole = false }
        }
        (minimum, maximum, mean) = (Double(low), Double(high), sum / Double(max(1, volume.voxels.count)))
        guard isWhole, low >= 0, high <= 255 else {
            labels = nil
            return
        }
        var counts = [Int](repeating: 0, count: 256)
        for value in volume.voxels { counts[Int(value)] += 1 }
        let present = counts.enumerated().filter { $0.element > 0 }.map { (value: $0.offset, count: $0.element) }
        labels = present.count <= 128 ? present : nil
    }
}

/// What `convert` and `resample` share: where from, where to, as what.
struct VolumeConversion: ParsableArguments {
    @Argument(help: "NIfTI file, or DICOM folder or file.", completion: .file())
    var input: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write: .nii or .nii.gz.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Where i, j, k grow to, such as RAS or LPS; the input's own when left out.", valueName: "letters"))
    var orientation: String?

    @Flag(help: "The volume is a label map: whole numbers 0…255, kept as bytes.")
    var labels = false

    func validate() throws {
        guard ImageSource.isWritable(output) else { throw ValidationError("--output must end in .nii or .nii.gz") }
        if let orientation, Orientation(orientation) == nil {
            throw ValidationError("--orientation must be three letters such as RAS or LPS, got '\(orientation)'")
        }
    }

    /// Reads, reorients, and resamples if a spacing is given.
    func run(spacing: [Double]?, interpolation: Interpolation?) async throws {
        let (input, output, labels, orientation) = (input, output, labels, orientation.flatMap { Orientation($0) })
        let written = try await OwnThread.run { () -> Geometry in
            if labels {
                var volume = try NIfTI.readLabels(URL(filePath: input))
                if let orientation { volume = volume.reoriented(to: orientation) }
                if let spacing { volume = try volume.resampled(toSpacingInMillimetres: spacing, interpolation: interpolation ?? .nearest) }
                try NIfTI.write(volume, to: URL(filePath: output))
                return volume.geometry
            }
            let source = try ImageSource(input)
            var volume = source.volume
            if let orientation { volume = volume.reoriented(to: orientation) }
            if let spacing { volume = try volume.resampled(toSpacingInMillimetres: spacing, interpolation: interpolation ?? .linear) }
            let isExact = source.isInt16Exact && (spacing == nil || interpolation == .nearest)
            try ImageSource.write(volume, isInt16Exact: isExact, to: output)
            return volume.geometry
        }
        print("wrote \(output): \(written)")
    }
}

struct VolumeConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a volume as NIfTI, its axes turned if wished. Voxels are kept exactly.",
        discussion: """
            Examples:
              columna volume convert dicom-folder -o ct.nii.gz
              columna volume convert ct.nii -o ct.nii.gz --orientation RAS
            """)

    @OptionGroup var conversion: VolumeConversion

    func run() async throws { try await conversion.run(spacing: nil, interpolation: nil) }
}

struct VolumeResampleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resample", abstract: "Write a volume at other voxel sizes, as preprocessing does.",
        discussion: """
            Examples:
              columna volume resample ct.nii.gz -o out.nii.gz --spacing 1.5
              columna volume resample labels.nii.gz -o out.nii.gz --spacing 1.5 --labels
            """)

    @OptionGroup var conversion: VolumeConversion

    @Option(help: ArgumentHelp("One number or three separated by commas.", valueName: "mm"), transform: Numbers.triple)
    var spacing: [Double]

    @Option(help: "linear or nearest (labels: nearest only); linear for images and nearest for labels when left out.")
    var interpolation: Interpolation?

    func validate() throws {
        guard !conversion.labels || interpolation != .linear else {
            throw ValidationError("--interpolation linear would mix the numbers of labels: labels take the nearest voxel")
        }
    }

    func run() async throws { try await conversion.run(spacing: spacing, interpolation: interpolation) }
}

extension Interpolation: ExpressibleByArgument {}

/// One number for all three axes or three separated by commas.
enum Numbers {
    @Sendable static func triple(_ text: String) throws -> [Double] {
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard [1, 3].contains(values.count), values.allSatisfy({ $0.map { $0 > 0 && $0.isFinite } ?? false }) else {
            throw ValidationError("'\(text)' must be one positive number or three separated by commas")
        }
        let numbers = values.compactMap { $0 }
        return numbers.count == 1 ? Array(repeating: numbers[0], count: 3) : numbers
    }

    @Sendable static func wholeTriple(_ text: String) throws -> [Int] {
        let numbers = try triple(text)
        guard numbers.allSatisfy({ $0 == $0.rounded() && $0 <= 4096 }) else {
            throw ValidationError("'\(text)' must be one whole number up to 4096 or three separated by commas")
        }
        return numbers.map { Int($0) }
    }
}
