import ArgumentParser
import Console
import Documents
import Foundation
import Threads
import Volumes

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
        let header =
            ImageSource.isNIfTI(input) ? try await OwnThread.run { try NIfTI.readHeader(URL(filePath: input)) } : nil
        let read =
            headerOnly && header != nil
            ? nil
            : try await OwnThread.run {
                let source = try ImageSource(input)
                return (values: VolumeValues(source.volume), remarks: source.decisions)
            }
        let (values, remarks) = (read?.values, read?.remarks ?? header?.remarks ?? [])
        guard let geometry = header?.geometry ?? values?.geometry else { return }
        output.show(json(geometry, header, values, remarks)) { show(geometry, header, values, remarks) }
    }

    private func json(_ geometry: Geometry, _ header: NIfTIHeader?, _ values: VolumeValues?, _ remarks: [String])
        -> JSONValue
    {
        [
            "format": JSONValue(header.map { "NIfTI-\($0.version)" } ?? "DICOM"),
            "geometry": ImageSource.json(geometry),
            "voxel_count": JSONValue(geometry.voxelCount),
            "voxel_volume_mm3": JSONValue(geometry.voxelVolumeInCubicMillimetres),
            "voxel_type": JSONValue(header.map { "\($0.voxelType)" }), "slope": JSONValue(header?.slope),
            "intercept": JSONValue(header?.intercept), "affine_source": JSONValue(header?.affineSource.rawValue),
            "remarks": JSONValue(remarks.map { JSONValue($0) }),
            "is_big_endian": header.map { JSONValue($0.isBigEndian) } ?? nil, "minimum": JSONValue(values?.minimum),
            "maximum": JSONValue(values?.maximum), "mean": JSONValue(values?.mean),
            "labels": values?.labels.map { .object($0.map { (key: String($0.value), value: JSONValue($0.count)) }) }
                ?? nil,
        ]
    }

    private func show(_ geometry: Geometry, _ header: NIfTIHeader?, _ values: VolumeValues?, _ remarks: [String]) {
        var table = TextTable("fact", "value")
        table.add("format", header.map(VolumeDecisions.format) ?? "DICOM")
        if let header { table.add("affine", VolumeDecisions.affineSource(header)) }
        for line in remarks { table.add("noted", line) }
        table.add("grid", geometry.description)
        let extent = zip(geometry.size, geometry.spacingInMillimetres).map { String(Int((Double($0) * $1).rounded())) }
        table.add("extent", extent.joined(separator: "×") + " mm")
        table.add(
            "voxels",
            "\(geometry.voxelCount) of \(Wording.ratio(geometry.voxelVolumeInCubicMillimetres, digits: 3)) mm³")
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
    /// Nil unless all values are whole numbers 0…255 but for rounding, and few of them occur.
    let labels: [(value: Int, count: Int)]?

    init(_ volume: Volume<Float>) {
        geometry = volume.geometry
        var (low, high, sum) = (Float.infinity, -Float.infinity, 0.0)
        var counts: [Int]? = [Int](repeating: 0, count: 256)
        let rounding = LabelRounding()
        for value in volume.voxels {
            low = min(low, value)
            high = max(high, value)
            sum += Double(value)
            guard counts != nil else { continue }
            if let label = rounding.label(Double(value)) { counts?[Int(label)] += 1 } else { counts = nil }
        }
        (minimum, maximum, mean) = (Double(low), Double(high), sum / Double(max(1, volume.voxels.count)))
        let present = counts?.enumerated().filter { $0.element > 0 }.map { (value: $0.offset, count: $0.element) }
        labels = present.flatMap { $0.count <= 128 ? $0 : nil }
    }
}
