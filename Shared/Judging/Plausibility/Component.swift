/// One connected component of a label: voxels that meet by a face, an edge or a corner (26-connectivity, what MONAI's
/// `KeepLargestConnectedComponent` takes for three dimensions).
package struct Component: Sendable, Equatable {
    package let label: UInt8
    package let voxels: Int
    /// Mean of the voxels' indices (i, j, k).
    package let centroid: SIMD3<Double>
    /// Indices (i, j, k) of the box around it, both included.
    package let lower: SIMD3<Int>
    package let upper: SIMD3<Int>

    /// Whether it reaches the outermost voxels of a grid of this size.
    package func touchesEdge(of size: [Int]) -> Bool {
        (0..<3).contains { lower[$0] == 0 || upper[$0] == size[$0] - 1 }
    }
}

/// What one label is made of.
package struct LabelComponents: Sendable, Equatable {
    package let voxels: Int
    /// How many components there are in all.
    package let count: Int
    /// Places of the largest in `ComponentMap.components`, the largest first, of equals the one that begins first; at
    /// most as many as the map lists. None of the others is larger than the last of these.
    package let listed: Range<Int>
}
