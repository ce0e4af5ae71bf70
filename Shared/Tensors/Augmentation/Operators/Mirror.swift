import TensorCore

/// The patch the other way round along some of its axes.
package struct Mirror: PatchOperator, Equatable {
    /// Of D, H, W.
    package let axes: [Int]

    package init(axes: [Int]) { self.axes = axes }

    package func apply(to patch: inout LabelledPatch) {
        let extent = patch.extent
        for axis in axes {
            patch.image.withUnsafeMutableBufferPointer { Self.mirror($0, extent, axis) }
            patch.labels.withUnsafeMutableBufferPointer { Self.mirror($0, extent, axis) }
        }
    }

    private static func mirror<Value>(_ values: UnsafeMutableBufferPointer<Value>, _ extent: Extent, _ axis: Int) {
        let edges = [extent.depth, extent.height, extent.width]
        let (length, inner) = (edges[axis], edges[(axis + 1)...].reduce(1, *))
        for first in stride(from: 0, to: values.count, by: length * inner) {
            if inner == 1 {
                values[first..<first + length].reverse()
                continue
            }
            for near in 0..<length / 2 {
                let (one, other) = (first + near * inner, first + (length - 1 - near) * inner)
                for index in 0..<inner { values.swapAt(one + index, other + index) }
            }
        }
    }
}
