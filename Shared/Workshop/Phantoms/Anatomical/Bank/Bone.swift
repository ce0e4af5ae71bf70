import Volumes

/// One bone of the bank: a signed distance grid in the bone's own frame (x to the right, y to the front, z up,
/// millimetres, the vertebral body at the origin) and what is known of its anatomy.
struct Bone: Sendable, Codable {
    /// A vertebral body, from its middle.
    struct Body: Sendable, Codable {
        var up: Float
        var down: Float
        var width: Float
        var depth: Float
    }

    /// The vertebra below, in this bone's frame: its origin and its axes, columns of the rows given.
    struct Next: Sendable, Codable {
        var offset: [Float]
        var axes: [[Float]]
    }

    /// `L3`, `rib_right_7`; of pairs only the right one is kept.
    var name: String
    var source: String
    /// Its `spine-25` value; 0: none.
    var label: UInt8
    /// Between nodes, mm.
    var step: Float
    /// The first node, in steps.
    var first: [Int]
    /// Nodes along x, y, z; x fastest.
    var size: [Int]
    /// Whether only x ≥ 0 is kept because the other half is the same.
    var isHalf: Bool
    var body: Body?
    /// y of the canal's front and rear wall.
    var canal: [Float]?
    var next: Next?

    var nodes: Int { size[0] * size[1] * size[2] }

    /// How far it reaches from x = 0 to both sides.
    var halfWidth: Float { Float(max(abs(first[0]), abs(first[0] + size[0] - 1))) * step }
}

/// Where a bone's vertebra lies in the set it comes from.
struct SetFrame: Sendable, Codable {
    var origin: [Float]
    var axes: [[Float]]

    var frame: Frame { Frame(origin: Point(origin), columns: axes) }
}

extension Point {
    init(_ values: [Float]) { self.init(values[0], values[1], values[2]) }
}
