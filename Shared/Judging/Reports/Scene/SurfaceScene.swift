package import Anatomy
import Surfaces
import Synchronization
import Threads
package import Volumes

/// The surfaces of truth and prediction of a case, small enough to be shown in a page.
///
/// Positions are relative to the middle of all surfaces, along the patient's axes: where the scanner's table stood is
/// nobody's business.
package struct SurfaceScene: Sendable {
    /// Truth first, then by label; parts without triangles left out.
    package var parts: [SurfacePart]
    /// Half of the box around all parts, in mm; at least 1 per axis.
    package var halfExtent: SIMD3<Float>

    /// More vertices are merged until no more than this are left.
    package static let vertexBudget = 30_000

    package init(parts: [SurfacePart]) {
        let shown = parts.filter { !$0.mesh.triangles.isEmpty }
        var (low, high) = (SIMD3<Float>(repeating: .infinity), SIMD3<Float>(repeating: -.infinity))
        for part in shown {
            for vertex in part.mesh.vertices {
                low = pointwiseMin(low, vertex)
                high = pointwiseMax(high, vertex)
            }
        }
        let middle = shown.isEmpty ? .zero : (low + high) / 2
        halfExtent = shown.isEmpty ? SIMD3(repeating: 1) : pointwiseMax((high - low) / 2, SIMD3(repeating: 1))
        self.parts = shown.map { part in
            var part = part
            part.mesh.vertices = part.mesh.vertices.map { $0 - middle }
            return part
        }
    }

    /// Surfaces of the set's classes with the distances between them, smoothed and decimated.
    package init(truth: Volume<UInt8>, prediction: Volume<UInt8>, labelSet: LabelSet) {
        let labels = labelSet.labels.map(\.value)
        let results = Mutex([[SurfacePart]](repeating: [], count: labels.count))
        ComputePool.shared.forEach(count: labels.count) { index in
            let parts = Self.parts(of: labels[index], truth, prediction)
            results.withLock { $0[index] = parts }
        }
        let all = results.withLock { $0 }
        let sides = SurfacePart.Side.allCases.flatMap { side in all.flatMap { $0.filter { $0.side == side } } }
        self.init(parts: Self.decimated(sides))
    }

    private static func parts(of label: UInt8, _ truth: Volume<UInt8>, _ prediction: Volume<UInt8>) -> [SurfacePart] {
        let maps = [truth, prediction]
        return SurfacePart.Side.allCases.map { side in
            let mesh = MarchingCubes.surface(of: label, in: maps[Int(side.rawValue)])
            let other = mesh.vertices.isEmpty ? nil : LabelSurface(of: label, in: maps[1 - Int(side.rawValue)])
            let distances = mesh.vertices.map {
                Float(other?.distance(fromMillimetres: SIMD3<Double>($0)) ?? .infinity)
            }
            return SurfacePart(side: side, label: label, mesh: mesh.smoothed(), distances: distances)
        }
    }

    private static func decimated(_ parts: [SurfacePart]) -> [SurfacePart] {
        let vertices = parts.reduce(0) { $0 + $1.mesh.vertices.count }
        guard vertices > vertexBudget else { return parts }
        let edges = parts.filter { !$0.mesh.triangles.isEmpty }.map(\.meanEdge)
        let edge = edges.reduce(0, +) / Double(max(1, edges.count))
        var cell = Float(edge * (Double(vertices) / Double(vertexBudget)).squareRoot())
        while true {
            let smaller = parts.map { $0.decimated(cellInMillimetres: cell) }
            if smaller.reduce(0, { $0 + $1.mesh.vertices.count }) <= vertexBudget { return smaller }
            cell *= 1.12
        }
    }
}
