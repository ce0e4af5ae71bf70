import Foundation
import TensorCore

/// What a scan with fewer voxels would have seen: the voxels nearest to the coarser grid's centres, and lines between
/// them.
package struct LowResolution: PatchOperator, Equatable {
    /// Of the voxels along D, H, W that are kept.
    package let shares: [Double]

    package init(shares: [Double]) { self.shares = shares }

    /// For every voxel of an axis: which two it lies between, and the weight of the second.
    private struct Line {
        var near: [Int] = []
        var far: [Int] = []
        var weight: [Float] = []

        /// Rounded as PyTorch rounds, in single precision.
        init(_ length: Int, share: Double) {
            let count = max(1, Int((Double(Float(share)) * Double(length)).rounded(.toNearestOrEven)))
            let (down, up) = (Float(length) / Float(count), Float(count) / Float(length))
            func kept(_ index: Int) -> Int { min(Int((Float(index) + 0.5) * down), length - 1) }
            for index in 0..<length {
                let place = max(0, up * (Float(index) + 0.5) - 0.5)
                let first = min(Int(place), count - 1)
                near.append(kept(first))
                far.append(kept(min(first + 1, count - 1)))
                weight.append(place - Float(first))
            }
        }
    }

    package func apply(to patch: inout LabelledPatch) {
        let extent = patch.extent
        let (depths, heights) = (Line(extent.depth, share: shares[0]), Line(extent.height, share: shares[1]))
        let widths = Line(extent.width, share: shares[2])
        let (width, area) = (extent.width, extent.height * extent.width)
        var result = Tensor(uninitialized: patch.image.shape)
        patch.image.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { working in
                    let row = working.baseAddress!
                    for depth in 0..<extent.depth {
                        let (near, far) = (
                            source.baseAddress! + depths.near[depth] * area,
                            source.baseAddress! + depths.far[depth] * area
                        )
                        for height in 0..<extent.height {
                            let (first, second) = (heights.near[height] * width, heights.far[height] * width)
                            let (down, across) = (depths.weight[depth], heights.weight[height])
                            for column in 0..<width {
                                let above =
                                    near[first + column] + across * (near[second + column] - near[first + column])
                                let below = far[first + column] + across * (far[second + column] - far[first + column])
                                row[column] = above + down * (below - above)
                            }
                            Self.interpolate(
                                target.baseAddress! + (depth * extent.height + height) * width, row, widths)
                        }
                    }
                }
            }
        }
        patch.image = result
    }

    private static func interpolate(
        _ target: UnsafeMutablePointer<Float>, _ row: UnsafePointer<Float>, _ line: Line
    ) {
        line.near.withUnsafeBufferPointer { near in
            line.far.withUnsafeBufferPointer { far in
                line.weight.withUnsafeBufferPointer { weight in
                    for column in 0..<weight.count {
                        let value = row[near[column]]
                        target[column] = value + weight[column] * (row[far[column]] - value)
                    }
                }
            }
        }
    }
}
