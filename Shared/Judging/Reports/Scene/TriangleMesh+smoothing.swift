package import Surfaces

extension TriangleMesh {
    /// Taubin's λ|μ smoothing (1995): takes the stairs of voxels away without shrinking the shape. For pictures only;
    /// distances are measured before.
    package func smoothed(rounds: Int = 8) -> TriangleMesh {
        let (offsets, neighbours) = adjacency()
        var result = self
        var next = vertices
        for _ in 0..<rounds {
            for factor in [Float(0.5), -0.53] {
                for vertex in vertices.indices {
                    let range = Int(offsets[vertex])..<Int(offsets[vertex + 1])
                    guard !range.isEmpty else { continue }
                    var sum = SIMD3<Float>.zero
                    for position in range { sum += result.vertices[Int(neighbours[position])] }
                    let own = result.vertices[vertex]
                    next[vertex] = own + (sum / Float(range.count) - own) * factor
                }
                swap(&result.vertices, &next)
            }
        }
        return result
    }

    /// The neighbours of each vertex along the triangles' directed edges: every edge of a closed surface counts once
    /// each way.
    private func adjacency() -> (offsets: [UInt32], neighbours: [UInt32]) {
        var offsets = [UInt32](repeating: 0, count: vertices.count + 1)
        for triangle in triangles { for corner in 0..<3 { offsets[Int(triangle[corner]) + 1] += 1 } }
        for vertex in vertices.indices { offsets[vertex + 1] += offsets[vertex] }
        var free = offsets
        var neighbours = [UInt32](repeating: 0, count: triangles.count * 3)
        for triangle in triangles {
            for corner in 0..<3 {
                let vertex = Int(triangle[corner])
                neighbours[Int(free[vertex])] = triangle[(corner + 1) % 3]
                free[vertex] += 1
            }
        }
        return (offsets, neighbours)
    }
}
