import Augmentation
import Volumes

/// Where the voxels of each class of a case lie, in the order of its memory; found once, asked for every crop.
struct ClassPlaces: Sendable {
    /// Classes above 0 that have voxels, ascending.
    let classes: [Int]
    /// Of each of `classes`.
    private let places: [[Int32]]

    init(_ label: Volume<UInt8>) {
        let counts = label.labelCounts
        let classes = (1..<256).filter { counts[$0] > 0 }
        var found = classes.map { one in
            var places: [Int32] = []
            places.reserveCapacity(counts[one])
            return places
        }
        if !classes.isEmpty {
            var slots = [Int](repeating: -1, count: 256)
            for (slot, one) in classes.enumerated() { slots[one] = slot }
            label.voxels.withUnsafeBufferPointer { voxels in
                for index in voxels.indices where voxels[index] != 0 {
                    found[slots[Int(voxels[index])]].append(Int32(truncatingIfNeeded: index))
                }
            }
        }
        self.classes = classes
        places = found
    }

    /// A voxel (i, j, k) of a class drawn evenly among those in view, so that small vertebrae are seen as often as large
    /// ones; nil without any.
    func voxel(in size: [Int], _ random: inout StepRandom) -> [Int]? {
        guard !classes.isEmpty else { return nil }
        let chosen = places[random.below(classes.count)]
        let position = Int(chosen[random.below(chosen.count)])
        return [position % size[0], position / size[0] % size[1], position / (size[0] * size[1])]
    }

    var bytes: Int { places.reduce(0) { $0 + 4 * $1.count } }
}
