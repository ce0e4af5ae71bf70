/// What a network thinks of the bones it sees, in small cells of space: names are better chosen by all of it than by
/// the winner of each voxel.
package struct LevelVotes: Sendable, Equatable {
    package struct Cell: Sendable, Equatable {
        /// Mean of its voxels, RAS+ millimetres.
        package var point: SIMD3<Double>
        /// How many voxels of the network's grid it sums.
        package var voxels: Int
        /// By label value: sums of probabilities, 0 for background, given that it is a bone of the label set.
        package var votes: [Float]

        package init(point: SIMD3<Double>, voxels: Int, votes: [Float]) {
            self.point = point
            self.voxels = voxels
            self.votes = votes
        }
    }

    package var cells: [Cell]

    package init(cells: [Cell]) { self.cells = cells }
}
