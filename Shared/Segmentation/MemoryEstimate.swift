/// The peak of memory a segmentation is going to need, counted before it starts.
package struct MemoryEstimate: Sendable, Equatable {
    /// Logits and their weights, float32: of as many planes as a window is deep, for sheared grids also of the whole network grid.
    package let logits: Int
    /// One window inside the network: about six feature maps at full resolution, its logits, and the importance map.
    package let window: Int
    /// The CT on its own grid (who asks for labels holds it), its label map, and the network-ready volume twice: as volume and as tensor.
    package let volumes: Int

    package var bytes: Int { logits + window + volumes }

    /// - Parameters:
    ///   - networkSize: voxels of the network-ready volume per axis.
    ///   - originalVoxels: voxels of the grid the labels are written on.
    ///   - takesSlabs: whether the labels are made slab by slab (`GridInversion.takesSlabs`).
    package init(networkSize: [Int], originalVoxels: Int, window: SlidingWindow, classes: Int, filters: Int, takesSlabs: Bool) {
        let area = networkSize[1] * networkSize[2]
        let planes = 1 + min(window.window[0], networkSize[0])
        logits = ((classes + 1) * planes + (takesSlabs ? 0 : classes * networkSize[0])) * area * 4
        let windowVoxels = window.window.reduce(1, *)
        self.window = (6 * filters + 2 * classes + 1) * windowVoxels * 4
        volumes = 2 * networkSize.reduce(1, *) * 4 + 5 * originalVoxels
    }
}
