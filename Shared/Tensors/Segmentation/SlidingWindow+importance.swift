import Foundation
import Plans

extension SlidingWindow {
    /// The weight of every voxel of a window, C-contiguous.
    package func importance() -> [Float] {
        guard plan.weighting == .gaussian else { return [Float](repeating: 1, count: window.reduce(1, *)) }
        return switch plan.convention {
        case .monai: flooredGaussian()
        case .nnUNet: filteredGaussian()
        }
    }

    /// MONAI's: centred between the window's middle voxels, nowhere below 1e-3; the product in single precision.
    private func flooredGaussian() -> [Float] {
        let profiles = window.map { edge in
            let sigma = plan.sigmaScale * Double(edge)
            return (0..<edge).map { index in
                let x = Double(index) - Double(edge - 1) / 2
                return Float(exp(-x * x / (2 * sigma * sigma)))
            }
        }
        let weights = products(profiles, *)
        let floor = max(weights.min() ?? 0, 1e-3)
        return weights.map { max($0, floor) }
    }

    /// nnU-Net's (`compute_gaussian`): what a Gaussian filter that is cut at 4 sigma leaves of a single voxel at index
    /// `edge / 2`, scaled to a largest weight of 10, zeros replaced by the smallest weight that isn't zero.
    ///
    /// nnU-Net keeps the map and the sums in half precision, where every sum is rounded to 11 bits and the corners'
    /// weights (4e-10) to the smallest number there is. That is not copied: results differ from nnU-Net's by one or two
    /// thousandths of the largest logit, and by hundredths at a volume's corners, where nnU-Net's logits come out as
    /// whole numbers.
    private func filteredGaussian() -> [Float] {
        let profiles = window.map { edge in
            let sigma = plan.sigmaScale * Double(edge)
            let radius = Int(4 * sigma + 0.5)
            return (0..<edge).map { index in
                let x = index - edge / 2
                return abs(x) <= radius ? exp(-0.5 * Double(x * x) / (sigma * sigma)) : 0
            }
        }
        let weights = products(profiles, *).map { Float(10 * $0) }
        let smallest = weights.filter { $0 > 0 }.min() ?? 10
        return weights.map { $0 > 0 ? $0 : smallest }
    }

    private func products<Value>(_ profiles: [[Value]], _ times: (Value, Value) -> Value) -> [Value] {
        var weights: [Value] = []
        weights.reserveCapacity(window.reduce(1, *))
        for a in profiles[0] {
            for b in profiles[1] {
                let ab = times(a, b)
                for c in profiles[2] { weights.append(times(ab, c)) }
            }
        }
        return weights
    }
}
