import Surfaces
import Volumes

extension TriangleMesh {
    /// Unit normals of the vertices, triangles weighing by their area; zero for a vertex without triangles.
    var vertexNormals: [SIMD3<Float>] {
        var normals = [SIMD3<Float>](repeating: .zero, count: vertices.count)
        for triangle in triangles {
            let (a, b, c) = (vertices[Int(triangle.x)], vertices[Int(triangle.y)], vertices[Int(triangle.z)])
            let normal = (b - a).cross(c - a)
            for corner in 0..<3 { normals[Int(triangle[corner])] += normal }
        }
        return normals.map { normal in
            let length = normal.length
            return length > 0 ? normal / length : .zero
        }
    }
}
