/// The peak of memory a segmentation is going to need, counted before it starts.
package struct MemoryEstimate: Sendable, Equatable {
    /// The blended logits and their weights, float32 over the network's grid.
    package let logits: Int
    /// One window inside the network: about six feature maps at full resolution, its logits, and the importance map.
    package let window: Int
    /// The network-ready volume twice (as volume and as tensor) and the label map on the original grid.
    package let volumes: Int

    package var bytes: Int { logits + window + volumes }

    /// - Parameters:
    ///   - networkSize: voxels of the network-ready volume per axis.
    ///   - originalVoxels: voxels of the grid the labels are written on.
    package init(networkSize: [Int], originalVoxels: Int, window: [Int], classes: Int, filters: Int) {
        let padded = zip(networkSize, window).map(max).reduce(1, *)
        let windowVoxels = window.reduce(1, *)
        logits = (classes + 1) * padded * 4
        self.window = (6 * filters + 2 * classes + 1) * windowVoxels * 4
        volumes = 2 * padded * 4 + originalVoxels
    }
}
