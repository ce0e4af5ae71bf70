import Volumes

extension TriangleMesh {
    /// In mm².
    package var areaInSquareMillimetres: Double {
        triangles.reduce(0) { sum, triangle in
            let (a, b, c) = corners(triangle)
            return sum + (b - a).cross(c - a).length / 2
        }
    }

    /// What the closed surface encloses in mm³, by the divergence theorem; negative if it is turned inside out.
    package var volumeInCubicMillimetres: Double {
        // Seen from a point of the surface, numbers stay small wherever the patient lies.
        guard let first = vertices.first.map(SIMD3<Double>.init) else { return 0 }
        return triangles.reduce(0) { sum, triangle in
            let (a, b, c) = corners(triangle)
            return sum + (a - first).dot((b - first).cross(c - first)) / 6
        }
    }

    private func corners(_ triangle: SIMD3<UInt32>) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        (SIMD3(vertices[Int(triangle.x)]), SIMD3(vertices[Int(triangle.y)]), SIMD3(vertices[Int(triangle.z)]))
    }
}
