import Volumes

/// The surface between the set and the unset corners of one cube, by marching cubes with vertices at the middle of
/// edges.
///
/// Corner x + 2y + 4z of a cube is bit x + 2y + 4z of its code, 1 for set. Edges are numbered 4·axis + u + 2v, where u
/// and v are the edge's place along the two axes after its own (cyclically). Nothing is tabled by hand: on every face
/// of the cube, crossings are joined so that set corners lie to one side, and the segments close to loops by themselves
/// (after Lorensen and Cline 1987, with their holes mended).
package struct CubeCase: Sendable {
    /// Corners of triangles as numbers of edges; counter-clockwise seen from the unset side.
    package let triangles: [SIMD3<UInt8>]

    /// All 256 codes. Where two set corners of a face lie across from each other they are parted, whichever cube looks
    /// at the face: surfaces of neighbouring cubes meet without holes.
    package static let watertight: [CubeCase] = (0..<256).map { CubeCase(code: UInt8($0)) }

    /// All 256 codes, with the rarer kind of corner parted on such faces: what Lorensen and Cline's complementary cases
    /// do. Surfaces can have holes; their area is what normalised surface Dice weighs by (Nikolov et al. 2018).
    package static let complementary: [CubeCase] = (0..<256).map { code in
        let code = UInt8(code)
        return code.nonzeroBitCount <= 4 ? CubeCase(code: code) : CubeCase(flipping: CubeCase(code: ~code))
    }

    /// The middle of each of the twelve edges in a cube from 0 to 1.
    package static let midpoints: [SIMD3<Double>] = (0..<12).map { edge in
        let axis = edge / 4
        var point = SIMD3<Double>.zero
        point[axis] = 0.5
        point[(axis + 1) % 3] = Double(edge & 1)
        point[(axis + 2) % 3] = Double(edge >> 1 & 1)
        return point
    }

    private init(code: UInt8) {
        triangles = Self.loops(of: code).flatMap(Self.fan)
    }

    private init(flipping other: CubeCase) {
        triangles = other.triangles.map { SIMD3($0.x, $0.z, $0.y) }
    }

    // MARK: - Loops

    /// Edges with a set and an unset end, in the order in which the surface's border on the cube's faces passes them.
    private static func loops(of code: UInt8) -> [[Int]] {
        var following = [Int?](repeating: nil, count: 12)
        for face in faces {
            let isSet = face.map { code >> $0 & 1 == 1 }
            for corner in 0..<4 where isSet[corner] && !isSet[(corner + 1) % 4] {
                // Back along the face to where this run of set corners began: one corner where the face is ambiguous.
                var first = corner
                while isSet[(first + 3) % 4] { first = (first + 3) % 4 }
                let entering = edge(face[(first + 3) % 4], face[first])
                following[entering] = edge(face[corner], face[(corner + 1) % 4])
            }
        }
        var loops: [[Int]] = []
        for start in 0..<12 {
            var loop: [Int] = []
            var next = start
            while let edge = following[next] {
                loop.append(next)
                following[next] = nil
                next = edge
            }
            if !loop.isEmpty { loops.append(loop) }
        }
        return loops
    }

    /// The corners of the six faces, counter-clockwise seen from outside the cube.
    private static let faces: [[Int]] = (0..<6).map { face in
        let (axis, side) = (face >> 1, face & 1)
        let (u, v) = (1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3))
        let around = [0, u, u + v, v].map { $0 + side << axis }
        return side == 1 ? around : around.reversed()
    }

    private static func edge(_ one: Int, _ other: Int) -> Int {
        let axis = (one ^ other).trailingZeroBitCount
        let start = one & other
        let (u, v) = (start >> ((axis + 1) % 3) & 1, start >> ((axis + 2) % 3) & 1)
        return 4 * axis + u + 2 * v
    }

    // MARK: - Triangles

    /// Triangles from one corner of a loop to all others: from the corner that gives the largest area in a cube of
    /// equal edges, which is how the cases of Lorensen and Cline's table bulge; corners from which no triangle's side
    /// would run inside a face come first, since the neighbouring cube could have the same side.
    private static func fan(_ loop: [Int]) -> [SIMD3<UInt8>] {
        let fans = loop.indices.map { first in
            (1..<loop.count - 1).map {
                SIMD3(
                    UInt8(loop[first]), UInt8(loop[(first + $0) % loop.count]),
                    UInt8(loop[(first + $0 + 1) % loop.count]))
            }
        }
        let clean = fans.filter { fan in !fan.dropFirst().contains { shareFace($0.x, $0.y) } }
        let candidates = clean.isEmpty ? fans : clean
        // Areas differ by rounding where corners are alike: the first of them is taken.
        let largest = candidates.map(area).max() ?? 0
        return candidates.first { area($0) > largest - 1e-9 } ?? []
    }

    private static func area(_ triangles: [SIMD3<UInt8>]) -> Double {
        triangles.reduce(0) { sum, triangle in
            let (a, b, c) = (midpoints[Int(triangle.x)], midpoints[Int(triangle.y)], midpoints[Int(triangle.z)])
            return sum + (b - a).cross(c - a).length / 2
        }
    }

    private static func shareFace(_ one: UInt8, _ other: UInt8) -> Bool {
        let (a, b) = (midpoints[Int(one)], midpoints[Int(other)])
        return (0..<3).contains { a[$0] == b[$0] && a[$0] != 0.5 }
    }
}
