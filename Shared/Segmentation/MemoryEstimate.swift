import Plans

/// The peak of memory a segmentation is going to need, counted before it starts.
package struct MemoryEstimate: Sendable, Equatable {
    /// Logits and their weights, float32: of the planes a window is deep and of the slab that leaves, or of the whole network grid.
    package let logits: Int
    /// One window inside the network: about six feature maps at full resolution, its logits, and the importance map.
    package let window: Int
    /// The network-ready volume twice (as volume and as tensor) and the label map on the original grid.
    package let volumes: Int

    package var bytes: Int { logits + window + volumes }

    /// - Parameters:
    ///   - networkSize: voxels of the network-ready volume per axis.
    ///   - originalVoxels: voxels of the grid the labels are written on.
    ///   - takesSlabs: whether the labels are made slab by slab (`GridInversion.takesSlabs`).
    package init(networkSize: [Int], originalVoxels: Int, window: SlidingWindow, classes: Int, filters: Int, takesSlabs: Bool) {
        let area = networkSize[1] * networkSize[2]
        let edge = window.window[0]
        let starts = SlidingWindow.starts(length: networkSize[0], edge: edge, overlap: window.plan.overlap)
        let steps = zip(starts.dropFirst(), starts).map { $0 - $1 }
        let depth = min(edge, networkSize[0])
        // The last slab is as deep as the window, the others as the step; each repeats one plane.
        let slab = max(steps.max() ?? 0, depth) + 1
        let whole = takesSlabs ? 0 : networkSize[0]
        logits = ((classes + 1) * depth + classes * (slab + 1 + whole)) * area * 4
        let windowVoxels = window.window.reduce(1, *)
        self.window = (6 * filters + 2 * classes + 1) * windowVoxels * 4
        volumes = 2 * networkSize.reduce(1, *) * 4 + originalVoxels
    }
}
