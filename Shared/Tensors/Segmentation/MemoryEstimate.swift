package import TensorCore

/// The peak of memory a segmentation is going to need, counted before it starts.
package struct MemoryEstimate: Sendable, Equatable {
    /// Logits and their weights, float32: of as many planes as a window is deep, for sheared grids also of the whole
    /// network grid.
    package let logits: Int
    /// One window inside the network by the network's own plan (weights, activations, threads' working memory, logits),
    /// and the importance map. Mirrored passes follow one another in the same memory.
    package let window: Int
    /// The CT on its own grid (who asks for labels holds it), its label map, and the network-ready volume twice: as
    /// volume and as tensor.
    package let volumes: Int
    /// The program itself, its libraries and what is small: measured, with room.
    package static let program = 64 << 20

    package var bytes: Int { logits + window + volumes + Self.program }

    /// - Parameters:
    ///   - networkSize: voxels of the network-ready volume per axis.
    ///   - originalVoxels: voxels of the grid the labels are written on.
    ///   - classes: K.
    ///   - pass: what the network needs for one window.
    ///   - takesSlabs: whether the labels are made slab by slab (`GridInversion.takesSlabs`).
    package init(
        networkSize: [Int], originalVoxels: Int, window: SlidingWindow, classes: Int, pass: MemoryPlan, takesSlabs: Bool
    ) {
        let area = networkSize[1] * networkSize[2]
        let planes = 1 + min(window.window[0], networkSize[0])
        logits = ((classes + 1) * planes + (takesSlabs ? 0 : classes * networkSize[0])) * area * 4
        self.window = pass.bytes + window.window.reduce(1, *) * 4
        // Preprocessing turns the CT and maps its intensities, each into a copy, before there are windows.
        let network = 2 * networkSize.reduce(1, *) * 4
        volumes = max(network + 5 * originalVoxels, 12 * originalVoxels - logits - self.window)
    }
}
