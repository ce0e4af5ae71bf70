import Foundation
import TensorCore

/// A separable Gaussian blur; beyond the patch's border it goes on as its mirror image, the border's voxels once.
package struct GaussianBlur: PatchOperator, Equatable {
    /// σ along D, H, W in voxels.
    package let deviations: [Double]

    package init(deviations: [Double]) { self.deviations = deviations }

    /// The odd number nearest to 6σ + ½; of even ones the larger neighbour from the number itself on.
    static func taps(_ deviation: Double) -> Int {
        let wanted = 6 * deviation + 0.5
        let whole = Int(wanted.rounded(.toNearestOrEven))
        return whole % 2 == 1 ? whole : wanted >= Double(whole) ? whole + 1 : whole - 1
    }

    private static func kernel(_ deviation: Double) -> [Float] {
        let taps = max(1, taps(deviation))
        let weights = (0..<taps).map { tap in
            let distance = (Double(tap) - Double(taps - 1) / 2) / deviation
            return exp(-0.5 * distance * distance)
        }
        let sum = weights.reduce(0, +)
        return weights.map { Float($0 / sum) }
    }

    /// For every index of an axis, those that its taps read.
    private static func neighbours(_ length: Int, taps: Int) -> [[Int]] {
        let period = max(1, 2 * (length - 1))
        return (0..<length).map { index in
            (0..<taps).map { tap in
                let place = ((index + tap - taps / 2) % period + period) % period
                return min(place, period - place) % length
            }
        }
    }

    package func apply(to patch: inout LabelledPatch) {
        let (extent, kernels) = (patch.extent, deviations.map(Self.kernel))
        let (width, area, reach) = (extent.width, extent.height * extent.width, kernels[2].count / 2)
        let slices = Self.neighbours(extent.depth, taps: kernels[0].count).map { $0.map { $0 * area } }
        let rows = Self.neighbours(extent.height, taps: kernels[1].count).map { $0.map { $0 * width } }
        let columns = Self.neighbours(width, taps: kernels[2].count)
        let shifts = (0..<kernels[2].count).map { $0 - reach }
        var result = Tensor(uninitialized: patch.image.shape)
        patch.image.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                // A slice blurred along D; a row of it along H, with what its taps read beyond both ends.
                withUnsafeTemporaryAllocation(of: Float.self, capacity: area + width + 2 * reach) { working in
                    let (slice, row) = (working.baseAddress!, working.baseAddress! + area + reach)
                    for depth in 0..<extent.depth {
                        Self.combine(slice, source.baseAddress!, at: slices[depth], kernels[0], count: area)
                        for height in 0..<extent.height {
                            Self.combine(row, slice, at: rows[height], kernels[1], count: width)
                            for beyond in 0..<reach {
                                row[beyond - reach] = row[columns[0][beyond]]
                                row[width + beyond] = row[columns[width - 1][reach + 1 + beyond]]
                            }
                            let line = target.baseAddress! + (depth * extent.height + height) * width
                            Self.combine(line, row, at: shifts, kernels[2], count: width)
                        }
                    }
                }
            }
        }
        patch.image = result
    }

    /// The weighted sum of the lines that begin at `offsets` from `source`.
    private static func combine(
        _ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, at offsets: [Int], _ weights: [Float],
        count: Int
    ) {
        offsets.withUnsafeBufferPointer { offsets in
            weights.withUnsafeBufferPointer { weights in
                var index = 0
                while index + 8 <= count {
                    var sum = SIMD8<Float>.zero
                    for tap in 0..<weights.count {
                        let line = UnsafeRawPointer(source + offsets[tap] + index)
                        sum += weights[tap] * line.loadUnaligned(as: SIMD8<Float>.self)
                    }
                    UnsafeMutableRawPointer(target + index).storeBytes(of: sum, as: SIMD8<Float>.self)
                    index += 8
                }
                for rest in index..<count {
                    target[rest] = (0..<weights.count).reduce(0) { $0 + weights[$1] * source[offsets[$1] + rest] }
                }
            }
        }
    }
}
