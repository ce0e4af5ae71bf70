import Threads

/// Copies a grid's voxels in another axis order, each axis possibly turned round.
struct AxisPermutation {
    /// Sizes of the result.
    let size: [Int]
    /// Where the result's first voxel is in the source, and the step in the source along each axis of the result.
    let first: Int
    let steps: [Int]
    /// Whether the result is the source as it is.
    private let isIdentity: Bool

    init(size: [Int], first: Int, steps: [Int]) {
        (self.size, self.first, self.steps) = (size, first, steps)
        isIdentity = false
    }

    /// A grid of `size` with its axes in another order: axis n of the result is axis `order[n]`.
    init(of size: [Int], order: [Int]) {
        let strides = [1, size[0], size[0] * size[1]]
        self.size = order.map { size[$0] }
        first = 0
        steps = order.map { strides[$0] }
        isIdentity = order == [0, 1, 2]
    }

    /// The voxels in the result's order.
    func copied<Voxel: BitwiseCopyable>(_ voxels: [Voxel]) -> [Voxel] {
        if isIdentity { return voxels }
        let total = size[0] * size[1] * size[2]
        return [Voxel](unsafeUninitializedCapacity: total) { target, count in
            voxels.withUnsafeBufferPointer { source in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                copyBits(source, to: target)
            }
            count = total
        }
    }

    /// Voxels read and written per tile and axis, so that both sides of a transposition stay in the cache.
    private static let tile = 32

    /// `target` and `source` must not overlap; the target comes uninitialised, hence pointers. In parallel over one axis that is not the fastest of either side.
    func copy<Voxel: BitwiseCopyable>(_ source: UnsafePointer<Voxel>, to target: UnsafeMutablePointer<Voxel>) {
        let strides = [1, size[0], size[0] * size[1]]
        // The axis of the result along which the source is contiguous: 0 unless the axes are permuted.
        let contiguous = (0..<3).first { abs(steps[$0]) == 1 && size[$0] > 1 } ?? 0
        let inner = contiguous == 0 ? 1 : contiguous
        let outer = 3 - inner
        let (source, target) = (
            SharedPointer(reading: source), SharedPointer(target)
        )
        ComputePool.shared.forEach(count: size[outer]) { slice in
            let from = source.base + first + slice * steps[outer]
            let to = target.base + slice * strides[outer]
            for tileStart in stride(from: 0, to: size[inner], by: Self.tile) {
                let tileEnd = min(tileStart + Self.tile, size[inner])
                let width = contiguous == 0 ? size[0] : Self.tile
                for rowStart in stride(from: 0, to: size[0], by: width) {
                    let rowEnd = min(rowStart + width, size[0])
                    for line in tileStart..<tileEnd {
                        let (read, write) = (from + line * steps[inner], to + line * strides[inner])
                        for i in rowStart..<rowEnd { write[i] = read[i * steps[0]] }
                    }
                }
            }
        }
    }
}
