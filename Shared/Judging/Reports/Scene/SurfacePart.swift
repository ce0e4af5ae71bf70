package import Surfaces

/// The surface of one class in one of the maps, as it is shown.
package struct SurfacePart: Sendable {
    package enum Side: UInt8, Sendable, CaseIterable {
        case truth = 0
        case prediction = 1
    }

    package var side: Side
    package var label: UInt8
    package var mesh: TriangleMesh
    /// Of each vertex to the same class's surface in the other map, in mm; infinite where that has none.
    package var distances: [Float]

    package init(side: Side, label: UInt8, mesh: TriangleMesh, distances: [Float]) {
        self.side = side
        self.label = label
        self.mesh = mesh
        self.distances = distances
    }
}
