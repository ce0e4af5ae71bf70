import Console
import DICOMSeries
import Documents
import Foundation
import Volumes

/// What a command found in a volume, what it decided and why, for whoever must trust the result.
struct VolumeDecisions: Sendable {
    private var lines: [(step: String, text: String)] = []
    private var facts: [(key: String, value: JSONValue)] = []

    init(read geometry: Geometry, header: NIfTIHeader?, series: DICOMSeries?) {
        add("read", "format", header.map(Self.format) ?? "DICOM series of \(series?.instanceCount ?? 0) objects")
        add("", "input", geometry.description, ImageSource.json(geometry))
        if let header {
            add("affine", "affine_source", Self.affineSource(header), JSONValue(header.affineSource.rawValue))
        }
        if let scaling = header.flatMap(Self.scaling) { add("scaling", "scaling", scaling) }
        if let remarks = header?.remarks ?? series?.decisions, !remarks.isEmpty {
            for (place, line) in remarks.enumerated() { lines.append((place == 0 ? "noted" : "", line)) }
            facts.append(("remarks", JSONValue(remarks.map { JSONValue($0) })))
        }
    }

    mutating func turn(from own: Orientation, to wanted: Orientation) {
        add(
            "turned", "orientation",
            own == wanted
                ? "not at all: the axes grow to \(wanted) already"
                : "from \(own) to \(wanted): voxels keep their places and values",
            JSONValue(wanted.description))
    }

    mutating func resample(_ plan: Resampling, _ asked: VolumeConversion.Request, labels: Bool) {
        let (own, size) = (plan.source.spacingInMillimetres, plan.target.size)
        let sizes = (0..<3).map { axis in
            "\(plan.source.size[axis]) voxels of \(Self.number(own[axis])) mm → \(size[axis]) of \(Self.number(plan.target.spacingInMillimetres[axis])) mm"
        }
        add("grid", "convention", Self.rule(asked.convention), JSONValue(asked.convention.rawValue))
        for (axis, line) in zip(["i", "j", "k"], sizes) { lines.append(("", "\(axis): \(line)")) }
        add(
            "values", "interpolation", Self.interpolation(asked.interpolation, labels: labels),
            JSONValue(asked.interpolation.rawValue))
        if let axis = plan.separateAxis {
            add(
                "", "separate_axis",
                "axis \(["i", "j", "k"][axis]) apart: the largest spacing is over three times the smallest, so it takes the nearest slice",
                JSONValue(axis))
        }
        add("outside", "outside", Self.outside(asked.convention, labels: labels))
    }

    mutating func store(as type: NIfTIVoxelType, of source: NIfTIVoxelType?, interpolated: Bool) {
        let why =
            switch type {
            case .uint8: "labels"
            case .int16: "all values are whole numbers from -32768 to 32767"
            default:
                interpolated
                    ? "interpolated values are not whole"
                    : source == .float64 || source == .int32 || source == .uint32 || source == .int64
                        || source == .uint64
                        ? "\(source.map { "\($0)" } ?? "") rounded to single precision"
                        : "not all values are whole numbers of 16 bits"
            }
        add("stored", "voxel_type", "\(type): \(why)", JSONValue("\(type)"))
    }

    mutating func keep(_ type: NIfTIVoxelType) {
        add("stored", "voxel_type", "\(type): as it was, bit by bit", JSONValue("\(type)"))
    }

    mutating func wrote(_ path: String, _ geometry: Geometry) {
        add("wrote", "output", "\(path): \(geometry)", ImageSource.json(geometry))
    }

    private mutating func add(_ step: String, _ key: String, _ text: String, _ value: JSONValue? = nil) {
        lines.append((step, text))
        facts.append((key, value ?? JSONValue(text)))
    }

    // MARK: - Words

    static func format(_ header: NIfTIHeader) -> String {
        "NIfTI-\(header.version)\(header.isPair ? " pair" : ""), \(header.voxelType)\(header.isBigEndian ? ", big endian" : "")"
    }

    static func affineSource(_ header: NIfTIHeader) -> String {
        switch header.affineSource {
        case .sform: "from the sform, which goes first where its code is above 0"
        case .qform: "from the qform, as the sform is not set or cannot be used"
        case .pixdim: "from voxel sizes only"
        }
    }

    private static func scaling(_ header: NIfTIHeader) -> String? {
        guard header.slope != 1 || header.intercept != 0 else { return nil }
        return "stored value × \(number(header.slope)) + \(number(header.intercept))"
    }

    private static func rule(_ convention: ResamplingConvention) -> String {
        switch convention {
        case .monai: "as MONAI's Spacing: size round((n − 1)·spacing/new + 1), the first voxel's centre stays"
        case .nnUNet:
            "as nnU-Net: size round(n·spacing/new), the extent stays and voxels are as large as that makes them"
        case .itk: "as SimpleITK's Resample: size round(n·spacing/new), the first voxel's centre stays"
        case .totalSegmentator:
            "as TotalSegmentator: size round(n·spacing/new), the outer voxels' centres stay and voxels are as large as that makes them"
        }
    }

    private static func interpolation(_ interpolation: Interpolation, labels: Bool) -> String {
        switch interpolation {
        case .linear: labels ? "the label with the largest linear share" : "linear"
        case .nearest: "the nearest voxel"
        case .cubic: "cubic B-splines through all voxels"
        }
    }

    private static func outside(_ convention: ResamplingConvention, labels: Bool) -> String {
        guard convention == .itk else { return "the border voxel" }
        return labels ? "background (0)" : "\(number(Double(ResamplingConvention.outsideInHounsfieldUnits))) (air)"
    }

    private static func number(_ value: Double) -> String {
        let rounded = (value * 1e6).rounded() / 1e6
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? String(Int(rounded)) : String(rounded)
    }

    // MARK: - Output

    /// One line a decision, what belongs together under one word.
    var text: String {
        let width = lines.map(\.step.count).max() ?? 0
        return lines.map { ($0.step + String(repeating: " ", count: width - $0.step.count) + "  " + $0.text) }.joined(
            separator: "\n")
    }

    var json: JSONValue { .object(facts) }
}
