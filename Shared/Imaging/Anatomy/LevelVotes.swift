/// What a network thinks of the bones it sees, in small cells of space: names are better chosen by all of it than by
/// the winner of each voxel.
package struct LevelVotes: Sendable, Equatable {
    package struct Cell: Sendable, Equatable {
        /// Mean of its voxels, RAS+ millimetres.
        package var point: SIMD3<Double>
        /// How many voxels of the network's grid it sums.
        package var voxels: Int
        /// By label value: sums of probabilities; 0 for background.
        package var votes: [Float]
        /// Sum of the softmax's entropies over its greatest value, 0 … 1 a voxel.
        package var entropy: Float

        package init(point: SIMD3<Double>, voxels: Int, votes: [Float], entropy: Float = 0) {
            self.point = point
            self.voxels = voxels
            self.votes = votes
            self.entropy = entropy
        }
    }

    package var cells: [Cell]

    package init(cells: [Cell]) { self.cells = cells }
}
