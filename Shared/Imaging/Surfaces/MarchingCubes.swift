package import Volumes

/// Surfaces of labels as triangles (Lorensen and Cline 1987, with cases that leave no holes; see `CubeCase`).
package enum MarchingCubes {
    /// The surface around all voxels of a label, vertices halfway to their neighbours, in RAS+ mm; empty if there are
    /// none.
    ///
    /// What lies beyond the volume counts as outside, so that the surface is closed everywhere. Vertices are shared
    /// between triangles; parts of the label that touch along edges or at corners only are parted. The same volume
    /// gives the same mesh, voxel by voxel in their order.
    package static func surface(of label: UInt8, in volume: Volume<UInt8>) -> TriangleMesh {
        guard let box = LabelBox(of: label, in: volume) else { return TriangleMesh() }
        var builder = MeshBuilder(box: box, affine: volume.geometry.affine)
        return builder.mesh(of: label, in: volume)
    }
}

/// Goes through a box slice by slice and keeps the vertices of the two latest slices.
private struct MeshBuilder {
    private let box: LabelBox
    private let affine: Affine
    /// Voxels of a slice with one more around: the box and its outside neighbours.
    private let width: Int
    private let height: Int
    /// 1 for the label; the slice before and this one.
    private var before: [UInt8]
    private var slice: [UInt8]
    /// Numbers of the vertices on the edges along i and j in the slice before and this one, and on those along k
    /// between the two. Only those on edges that the surface crosses are ever read.
    private var edges: [[UInt32]]
    private var vertices: [SIMD3<Float>] = []
    private var triangles: [SIMD3<UInt32>] = []

    init(box: LabelBox, affine: Affine) {
        self.box = box
        self.affine = affine
        width = box.size.x + 2
        height = box.size.y + 2
        before = [UInt8](repeating: 0, count: width * height)
        slice = before
        edges = Array(repeating: [UInt32](repeating: 0, count: width * height), count: 5)
    }

    mutating func mesh(of label: UInt8, in volume: Volume<UInt8>) -> TriangleMesh {
        for k in 0..<box.size.z + 2 {
            swap(&before, &slice)
            edges.swapAt(0, 2)
            edges.swapAt(1, 3)
            read(label, in: volume, slice: k)
            addVertices(slice: k)
            if k > 0 { addTriangles() }
        }
        let turnsInside = affine.determinant < 0
        if turnsInside { triangles = triangles.map { SIMD3($0.x, $0.z, $0.y) } }
        return TriangleMesh(vertices: vertices, triangles: triangles)
    }

    private mutating func read(_ label: UInt8, in volume: Volume<UInt8>, slice k: Int) {
        guard k > 0, k <= box.size.z else {
            for place in slice.indices { slice[place] = 0 }
            return
        }
        for j in 1...box.size.y {
            let row = volume.voxels.span.extracting(volume.row(box.lower.y + j - 1, box.lower.z + k - 1))
            for i in 0..<box.size.x { slice[i + 1 + width * j] = row[box.lower.x + i] == label ? 1 : 0 }
        }
    }

    /// Along i and j within this slice, along k from the slice before.
    private mutating func addVertices(slice k: Int) {
        for j in 0..<height {
            for i in 0..<width {
                let place = i + width * j
                let own = slice[place]
                if i + 1 < width, slice[place + 1] != own { edges[2][place] = vertex(i, j, k, SIMD3(0.5, 0, 0)) }
                if j + 1 < height, slice[place + width] != own { edges[3][place] = vertex(i, j, k, SIMD3(0, 0.5, 0)) }
                if k > 0, before[place] != own { edges[4][place] = vertex(i, j, k, SIMD3(0, 0, -0.5)) }
            }
        }
    }

    private mutating func vertex(_ i: Int, _ j: Int, _ k: Int, _ offset: SIMD3<Double>) -> UInt32 {
        let index = SIMD3<Double>(box.lower &+ SIMD3(i - 1, j - 1, k - 1)) + offset
        vertices.append(SIMD3<Float>(affine.applied(to: index)))
        return UInt32(vertices.count - 1)
    }

    private mutating func addTriangles() {
        for j in 0..<height - 1 {
            for i in 0..<width - 1 {
                let place = i + width * j
                let code = corners(before, place) | corners(slice, place) << 4
                guard code != 0, code != 255 else { continue }
                for triangle in CubeCase.watertight[Int(code)].triangles {
                    triangles.append(
                        SIMD3(
                            vertex(on: triangle.x, place), vertex(on: triangle.y, place), vertex(on: triangle.z, place))
                    )
                }
            }
        }
    }

    private func corners(_ slice: [UInt8], _ place: Int) -> UInt8 {
        slice[place] | slice[place + 1] << 1 | slice[place + width] << 2 | slice[place + width + 1] << 3
    }

    /// See `CubeCase` for the numbers of edges.
    private func vertex(on edge: UInt8, _ place: Int) -> UInt32 {
        let (u, v) = (Int(edge & 1), Int(edge >> 1 & 1))
        return switch edge / 4 {
        case 0: edges[2 * v][place + width * u]
        case 1: edges[1 + 2 * u][place + v]
        default: edges[4][place + u + width * v]
        }
    }
}
