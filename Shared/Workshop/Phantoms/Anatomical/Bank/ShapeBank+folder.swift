import Faults
package import Foundation
import Volumes

/// The bank as its makers give it: `shapes.json`, `layouts.json`, `curves.json` and a NIfTI file a bone.
extension ShapeBank {
    /// - Parameter permissiveOnly: whether bones and lines under share-alike licences are left out, as they must be
    ///   where the bank is packed.
    /// - Throws: `PhantomError.shapesUnreadable`.
    package convenience init(folder: URL, permissiveOnly: Bool) throws(PhantomError) {
        do {
            func read<Document: Decodable>(_ name: String) throws -> Document {
                try JSONDecoder().decode(Document.self, from: Data(contentsOf: folder.appending(path: name)))
            }
            let shapes: Shapes = try read("shapes.json")
            let layouts: [String: Layout] = try (read("layouts.json") as LayoutFile).layouts
            let curves: Curves? = permissiveOnly ? nil : try read("curves.json")
            var (bones, voxels): ([Bone], [Int8]) = ([], [])
            // Left ribs, hips and shoulders are the right ones in the mirror.
            for record in shapes.bones where !record.name.contains("_left") {
                guard !permissiveOnly || record.folder == "permissive" else { continue }
                try Bone.demandStep(record.step_mm, record.name)
                let grid = try NIfTI.readImage(Self.file(record.file, in: folder))
                let (bone, values) = try Self.bone(record, grid)
                bones.append(bone)
                voxels += values
            }
            let thorax = (layouts["myo-sim"]?.vertebrae ?? [:]).mapValues {
                SetFrame(origin: $0.origin_mm, axes: $0.axes)
            }
            let catalogue = Catalogue(
                bones: bones, thorax: thorax,
                line: curves.map { LineModel(mean: $0.model.mean, modes: $0.model.modes) })
            try catalogue.validate()
            self.init(catalogue, voxels: voxels)
        } catch {
            throw PhantomError(
                .shapesUnreadable,
                "the bank of bones cannot be read: \(error); expected a folder with shapes.json, layouts.json, curves.json and the grids they name"
            )
        }
    }

    /// The setting that names a folder with a bank.
    package static let setting = "COLUMNA_SHAPE_BANK"

    /// The bank that the setting names.
    /// - Throws: `PhantomError.shapesMissing` where it names none, or none that can be read.
    package static func outside(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(PhantomError) -> ShapeBank {
        guard let path = environment[setting], !path.isEmpty else {
            throw PhantomError(
                .shapesMissing,
                "\(setting) names no bank of bones on this machine: set it to the folder, or take the scenes of the program's own bones"
            )
        }
        do {
            return try ShapeBank(folder: URL(filePath: path, directoryHint: .isDirectory), permissiveOnly: false)
        } catch {
            throw PhantomError(.shapesMissing, "\(setting): \(error.description)")
        }
    }

    private static func bone(_ record: Record, _ grid: Volume<Float>) throws(PhantomError) -> (Bone, [Int8]) {
        let (origin, step) = (grid.geometry.affine.origin, record.step_mm)
        try demand(
            (0..<3).allSatisfy { abs(origin[$0]) <= 5000 },
            "the grid of \(record.name) must begin within 5000 mm of its body, got \(origin)")
        var first = (0..<3).map { Int((Float(origin[$0]) / step).rounded()) }
        var size = grid.geometry.size
        // One of permissive licences that is no side's own was made symmetric by its authors, to 0.2 mm.
        let isHalf = record.folder == "permissive" && !record.name.contains("_right")
        let skipped = isHalf ? -first[0] : 0
        try demand(
            (0..<size[0]).contains(skipped),
            "the grid of \(record.name) must have its middle plane within, got \(size[0]) nodes from \(first[0]) on")
        size[0] -= skipped
        first[0] += skipped
        var values: [Int8] = []
        values.reserveCapacity(size[0] * size[1] * size[2])
        for k in 0..<size[2] {
            for j in 0..<size[1] {
                values += grid.voxels[grid.row(j, k)].dropFirst(skipped).map {
                    Int8(min(max(($0 * 10).rounded(), -127), 127))
                }
            }
        }
        let bone = Bone(
            name: record.name, source: record.source, label: record.label ?? 0, step: step, first: first, size: size,
            isHalf: isHalf,
            body: record.body.map { Bone.Body(up: $0.up_mm, down: $0.down_mm, width: $0.width_mm, depth: $0.depth_mm) },
            canal: record.canal_mm, next: record.next.map { Bone.Next(offset: $0.offset_mm, axes: $0.axes) })
        return (bone, values)
    }

    // What the files say, by the names that they have there.

    private struct Shapes: Decodable { var bones: [Record] }

    private struct Record: Decodable {
        struct Body: Decodable {
            var up_mm: Float
            var down_mm: Float
            var width_mm: Float
            var depth_mm: Float
        }

        struct Next: Decodable {
            var offset_mm: [Float]
            var axes: [[Float]]
        }

        var source: String
        var folder: String
        var label: UInt8?
        var name: String
        var file: String
        var step_mm: Float
        var body: Body?
        var canal_mm: [Float]?
        var next: Next?
    }

    private struct Layout: Decodable {
        struct Placed: Decodable {
            var origin_mm: [Float]
            var axes: [[Float]]
        }

        var vertebrae: [String: Placed]
    }

    /// `myo-sim` beside a sentence about axes, which is no layout.
    private struct LayoutFile: Decodable {
        var layouts: [String: Layout]

        enum Keys: String, CodingKey { case myoSim = "myo-sim" }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            layouts = [Keys.myoSim.rawValue: try container.decode(Layout.self, forKey: .myoSim)]
        }
    }

    private struct Curves: Decodable {
        struct Model: Decodable {
            var mean: [[Float]]
            var modes: [[[Float]]]
        }

        var model: Model
    }
}
