/// A closed surface of triangles in RAS+ millimetres; triangles turn counter-clockwise seen from outside.
package struct TriangleMesh: Sendable, Equatable {
    package var vertices: [SIMD3<Float>]
    /// Indices of the corners, three per triangle.
    package var triangles: [SIMD3<UInt32>]

    package init(vertices: [SIMD3<Float>] = [], triangles: [SIMD3<UInt32>] = []) {
        self.vertices = vertices
        self.triangles = triangles
    }
}
