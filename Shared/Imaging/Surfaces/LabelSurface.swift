package import Volumes

/// The surface that `MarchingCubes` draws of a label, without its triangles: finds the nearest point of it from
/// anywhere.
///
/// It takes an eighth of a byte for each voxel of the label's box; triangles are made from voxels again where they are
/// looked at.
package struct LabelSurface: Sendable {
    private let volume: Volume<UInt8>
    private let label: UInt8
    private let frame: GridFrame
    /// The voxel at the lower corner of the first cell; can lie outside the volume by one.
    private let first: SIMD3<Int>
    private let pyramid: OccupancyPyramid
    /// Of the cube's edges, in mm from its lower corner.
    private let midpoints: [SIMD3<Double>]
    private let triangles = CubeTriangles.watertight

    /// Nil if no voxel has the label. The affine must be invertible.
    package init?(of label: UInt8, in volume: Volume<UInt8>) {
        guard let box = LabelBox(of: label, in: volume) else { return nil }
        let cells = SurfaceCells(box: box, size: volume.geometry.size)
        var sites = [UInt8](repeating: 0, count: cells.count)
        cells.mark(label, in: volume, bit: 1, sites: &sites)
        self.init(of: label, in: volume, cells: cells, sites: sites, bit: 1)
    }

    /// The same where the cells that the surface passes are known: those of `sites` that have `bit`.
    package init(of label: UInt8, in volume: Volume<UInt8>, cells: SurfaceCells, sites: [UInt8], bit: UInt8) {
        self.label = label
        self.volume = volume
        let frame = GridFrame(volume.geometry.affine)
        self.frame = frame
        first = cells.first
        pyramid = OccupancyPyramid(size: cells.size, sites: sites, bits: bit, frame: frame)
        midpoints = CubeCase.midpoints.map(frame.offset)
    }

    /// The distance in mm of a point in RAS+ mm to the nearest point of the surface.
    package func distance(fromMillimetres point: SIMD3<Double>) -> Double {
        distance(from: volume.geometry.affine.inverse.applied(to: point))
    }

    /// The distance in mm of a point in (fractional) voxels to the nearest point of the surface, or `bound` if that is
    /// less.
    package func distance(from point: SIMD3<Double>, below bound: Double = .infinity) -> Double {
        let local = point - SIMD3<Double>(first)
        let size = SIMD3(volume.geometry.size[0], volume.geometry.size[1], volume.geometry.size[2])
        // Apart from self, or each cell that is looked at takes a copy of it.
        let (label, first, frame) = (label, first, frame)
        let (voxels, midpoints) = (volume.voxels.span, midpoints.span)
        let (triangles, ends) = (triangles.all.span, triangles.ends.span)
        return pyramid.nearest(to: local, below: bound * bound) { cell in
            let corner = frame.offset(SIMD3<Double>(cell) - local)
            let code = Int(CubeCase.code(of: label, in: voxels, size: size, at: first &+ cell))
            var least = Double.infinity
            // Unchecked, or all distances take 5 % longer: 256 cases end within the triangles, whose corners are edges.
            for number in (code == 0 ? 0 : Int(ends[unchecked: code - 1]))..<Int(ends[unchecked: code]) {
                let triangle = triangles[unchecked: number]
                least = min(
                    least,
                    Triangle.squaredDistanceFromOrigin(
                        corner + midpoints[unchecked: Int(triangle.x)], corner + midpoints[unchecked: Int(triangle.y)],
                        corner + midpoints[unchecked: Int(triangle.z)]))
            }
            return least
        }.squareRoot()
    }
}

/// The triangles of all cases in one row, and where each case's end.
private struct CubeTriangles: Sendable {
    private(set) var all: [SIMD3<UInt8>] = []
    private(set) var ends: [UInt16] = []

    static let watertight = CubeTriangles(CubeCase.watertight)

    private init(_ cases: [CubeCase]) {
        for one in cases {
            all += one.triangles
            ends.append(UInt16(all.count))
        }
    }
}

private enum Triangle {
    /// Exact: to the inside if the origin lies over it, else to the nearest side.
    static func squaredDistanceFromOrigin(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Double {
        let normal = (b - a).cross(c - a)
        if normal.dot(a.cross(b)) >= 0, normal.dot(b.cross(c)) >= 0, normal.dot(c.cross(a)) >= 0 {
            let height = normal.dot(a)
            return height * height / normal.squaredLength
        }
        return min(toSide(a, b), toSide(b, c), toSide(c, a))
    }

    private static func toSide(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let side = b - a
        let share = min(max(-a.dot(side) / side.squaredLength, 0), 1)
        return (a + side * share).squaredLength
    }
}
