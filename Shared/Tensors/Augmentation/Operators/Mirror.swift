import TensorCore

/// The patch the other way round along some of its axes.
package struct Mirror: PatchOperator, Equatable {
    /// Of D, H, W.
    package let axes: [Int]

    package init(axes: [Int]) { self.axes = axes }

    package func apply(to patch: inout LabelledPatch) {
        let extent = patch.extent
        patch.image.withUnsafeMutableBufferPointer { mirror($0, extent) }
        patch.labels.withUnsafeMutableBufferPointer { mirror($0, extent) }
    }

    /// Every row changes places with the one that the axes D and H give it, both the other way round if W is among them.
    private func mirror<Value>(_ values: UnsafeMutableBufferPointer<Value>, _ extent: Extent) {
        guard let base = values.baseAddress else { return }
        let (deep, high, wide) = (axes.contains(0), axes.contains(1), axes.contains(2))
        let width = extent.width
        withUnsafeTemporaryAllocation(of: Value.self, capacity: width) { working in
            let kept = working.baseAddress!
            for depth in 0..<extent.depth {
                for height in 0..<extent.height {
                    let row = depth * extent.height + height
                    let other =
                        (deep ? extent.depth - 1 - depth : depth) * extent.height
                        + (high ? extent.height - 1 - height : height)
                    guard row < other || (row == other && wide) else { continue }
                    let (one, two) = (base + row * width, base + other * width)
                    kept.initialize(from: one, count: width)
                    if wide {
                        if row != other { Self.reverse(one, from: two, count: width) }
                        Self.reverse(two, from: kept, count: width)
                    } else {
                        one.update(from: two, count: width)
                        two.update(from: kept, count: width)
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func reverse<Value>(
        _ target: UnsafeMutablePointer<Value>, from source: UnsafeMutablePointer<Value>, count: Int
    ) {
        for index in 0..<count { target[index] = source[count - 1 - index] }
    }
}
