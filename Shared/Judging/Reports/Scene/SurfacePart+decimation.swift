import Surfaces
import Volumes

extension SurfacePart {
    /// Fewer vertices: those within one cube of a grid become their mean, with the mean of their distances, and
    /// triangles that lose a corner go (Rossignac and Borrel 1993). In the order of first use, so equal parts give
    /// equal parts.
    package func decimated(cellInMillimetres cell: Float) -> SurfacePart {
        var clusters: [SIMD3<Int32>: Int] = [:]
        var sums: [(position: SIMD3<Float>, distance: Float, count: Float)] = []
        let clusterOf = mesh.vertices.indices.map { vertex -> UInt32 in
            let position = mesh.vertices[vertex]
            let key = SIMD3<Int32>((position / cell).rounded(.down))
            let cluster = clusters[key] ?? sums.count
            if cluster == sums.count {
                clusters[key] = cluster
                sums.append((.zero, 0, 0))
            }
            sums[cluster].position += position
            sums[cluster].distance += distances[vertex]
            sums[cluster].count += 1
            return UInt32(cluster)
        }
        var seen: Set<SIMD3<UInt32>> = []
        let triangles = mesh.triangles.compactMap { triangle -> SIMD3<UInt32>? in
            let mapped = SIMD3(clusterOf[Int(triangle.x)], clusterOf[Int(triangle.y)], clusterOf[Int(triangle.z)])
            guard mapped.x != mapped.y, mapped.y != mapped.z, mapped.z != mapped.x else { return nil }
            return seen.insert(Self.turned(mapped)).inserted ? mapped : nil
        }
        return SurfacePart(
            side: side, label: label,
            mesh: TriangleMesh(vertices: sums.map { $0.position / $0.count }, triangles: triangles),
            distances: sums.map { $0.distance / $0.count })
    }

    /// The same triangle beginning with its lowest corner.
    private static func turned(_ triangle: SIMD3<UInt32>) -> SIMD3<UInt32> {
        if triangle.x < triangle.y, triangle.x < triangle.z { return triangle }
        return triangle.y < triangle.z && triangle.y < triangle.x
            ? SIMD3(triangle.y, triangle.z, triangle.x) : SIMD3(triangle.z, triangle.x, triangle.y)
    }

    /// The mean length of the triangles' edges, in mm.
    var meanEdge: Double {
        guard !mesh.triangles.isEmpty else { return 0 }
        let sum = mesh.triangles.reduce(0.0) { sum, triangle in
            sum + Double((mesh.vertices[Int(triangle.x)] - mesh.vertices[Int(triangle.y)]).length)
        }
        return sum / Double(mesh.triangles.count)
    }
}
