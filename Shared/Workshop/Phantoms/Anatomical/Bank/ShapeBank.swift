import Volumes

/// Real bones as signed distances, with what is needed to put them together.
package final class ShapeBank: Sendable {
    /// What of the bank is no voxel.
    struct Catalogue: Sendable, Codable {
        var bones: [Bone]
        /// Vertebrae of the set that the ribs come from, by name.
        var thorax: [String: SetFrame]
        /// Centre lines drawn from a model of patients; nil: from the program's own.
        var line: LineModel?
    }

    /// A line = mean + Σ b modes, b standard normal; C1 … L5, RAS+ mm.
    struct LineModel: Sendable, Codable {
        var mean: [[Float]]
        var modes: [[[Float]]]
    }

    let catalogue: Catalogue
    /// All grids one after the other, tenths of millimetres, negative inside, −12.7 to +6.3 mm.
    let voxels: [Int8]
    /// Where each bone's grid begins.
    let offsets: [Int]
    /// Some of each bone's nodes at its surface, own frame, mm.
    let surfaces: [[Point]]

    init(_ catalogue: Catalogue, voxels: [Int8]) {
        self.catalogue = catalogue
        self.voxels = voxels
        var offsets: [Int] = []
        var offset = 0
        for bone in catalogue.bones {
            offsets.append(offset)
            offset += bone.nodes
        }
        precondition(offset == voxels.count, "the bank's grids have \(offset) nodes, got \(voxels.count)")
        self.offsets = offsets
        surfaces = voxels.withUnsafeBufferPointer { voxels in
            zip(catalogue.bones, offsets).map { Self.surface(of: $0, in: voxels, at: $1) }
        }
    }

    /// The bank within the program: bones under permissive licences only.
    package static let packed = ShapeBank(packed: packedBytes)

    package static var packedBytes: UnsafeRawBufferPointer { PackedShapes.bytes }

    func index(source: String, name: String) -> Int? {
        catalogue.bones.firstIndex { $0.source == source && $0.name == name }
    }

    /// Sources that have a bone, in the alphabet's order.
    func sources(of name: String) -> [String] {
        Set(catalogue.bones.filter { $0.name == name }.map(\.source)).sorted()
    }

    /// Every seventh node next to the surface, both halves of a half grid.
    private static func surface(of bone: Bone, in voxels: UnsafeBufferPointer<Int8>, at offset: Int) -> [Point] {
        var points: [Point] = []
        var (node, met) = (offset, 0)
        for k in 0..<bone.size[2] {
            for j in 0..<bone.size[1] {
                for i in 0..<bone.size[0] {
                    if abs(Int(voxels[node])) <= 5 {
                        if met % 7 == 0 {
                            let own = Point(
                                Float(bone.first[0] + i), Float(bone.first[1] + j), Float(bone.first[2] + k))
                            points.append(own * bone.step)
                            if bone.isHalf { points.append(own * bone.step * Point(-1, 1, 1)) }
                        }
                        met += 1
                    }
                    node += 1
                }
            }
        }
        return points
    }
}
