import Foundation
package import Volumes

extension Intensities {
    /// The voxels of `image` (Hounsfield units) as the network sees them, in the volume's order.
    package func applied(to image: Volume<Float>) -> [Float] {
        switch self {
        case .window(let lower, let upper):
            return Self.windowed(image.voxels, lower: Float(lower), upper: Float(upper))
        case .monaiLabel:
            var voxels = image.voxels
            Self.standardiseNonZero(&voxels)
            return Self.smoothedToUnitRange(voxels, size: image.geometry.size)
        case .ct(let lower, let upper, let mean, let deviation):
            return Self.standardised(
                image.voxels, lower: Float(lower), upper: Float(upper), mean: Float(mean),
                divisor: Float(max(deviation, 1e-8)))
        case .steps(let steps):
            return steps.reduce(into: image.voxels) { $1.apply(to: &$0, size: image.geometry.size) }
        }
    }

    /// What MONAI Label's task does after the z-score, and after the crop of cases to learn from.
    static func smoothedToUnitRange(_ voxels: [Float], size: [Int]) -> [Float] {
        var voxels = smoothed(voxels, size: size)
        stretchToUnitRange(&voxels)
        return voxels
    }

    private static func windowed(_ voxels: [Float], lower: Float, upper: Float) -> [Float] {
        let scale = 2 / (upper - lower)
        return voxels.map { (min(max($0, lower), upper) - lower) * scale - 1 }
    }

    private static func standardised(_ voxels: [Float], lower: Float, upper: Float, mean: Float, divisor: Float)
        -> [Float]
    {
        voxels.map { (min(max($0, lower), upper) - mean) / divisor }
    }

    /// z-score with the mean and the biased deviation of the voxels that aren't exactly 0, which stay 0; or of all.
    static func standardiseNonZero(_ voxels: inout [Float], orAll: Bool = false) {
        var count = 0
        var sum = 0.0
        for voxel in voxels where orAll || voxel != 0 {
            count += 1
            sum += Double(voxel)
        }
        guard count > 0 else { return }
        let mean = sum / Double(count)
        var squares = 0.0
        for voxel in voxels where orAll || voxel != 0 { squares += (Double(voxel) - mean) * (Double(voxel) - mean) }
        let deviation = (squares / Double(count)).squareRoot()
        let divisor = deviation == 0 ? 1 : deviation
        voxels.withUnsafeMutableBufferPointer { voxels in
            for index in voxels.indices where orAll || voxels[index] != 0 {
                voxels[index] = Float((Double(voxels[index]) - mean) / divisor)
            }
        }
    }

    /// The minimum to `lower` (−1), the maximum to `upper` (1); a constant volume v becomes v·lower, as MONAI's rescaling
    /// leaves it.
    static func stretchToUnitRange(_ voxels: inout [Float], lower: Float = -1, upper: Float = 1) {
        guard let lowest = voxels.min(), let highest = voxels.max() else { return }
        let (range, width) = (highest - lowest, upper - lower)
        voxels = voxels.map { range == 0 ? $0 * lower : ($0 - lowest) / range * width + lower }
    }

    /// MONAI's Gaussian filter in "erf" form: cut at four sigma, weights not renormalised, zeros outside, axis by axis.
    static func smoothed(_ voxels: [Float], size: [Int], sigma: Double = 0.4) -> [Float] {
        let t = 0.70710678 / sigma
        let tail = Int(max(sigma * 4, 0.5) + 0.5)
        let taps = (-tail...tail).map { position -> Float in
            let x = Double(position)
            return Float(max(0, 0.5 * (erf(t * (x + 0.5)) - erf(t * (x - 0.5)))))
        }
        var result = voxels
        for axis in 0..<3 {
            let inner = size[..<axis].reduce(1, *)
            result = convolved(result, length: size[axis], inner: inner, taps: taps)
        }
        return result
    }

    /// Convolution along the middle axis of (outer, length, inner), inner fastest.
    private static func convolved(_ voxels: [Float], length: Int, inner: Int, taps: [Float]) -> [Float] {
        let radius = taps.count / 2
        var result = [Float](repeating: 0, count: voxels.count)
        result.withUnsafeMutableBufferPointer { target in
            voxels.withUnsafeBufferPointer { source in
                for first in stride(from: 0, to: voxels.count, by: length * inner) {
                    for position in 0..<length {
                        for tap in max(-radius, -position)...min(radius, length - 1 - position) {
                            let weight = taps[tap + radius]
                            let from = first + (position + tap) * inner
                            let to = first + position * inner
                            for index in 0..<inner { target[to + index] += weight * source[from + index] }
                        }
                    }
                }
            }
        }
        return result
    }
}

extension IntensityStep {
    /// - Parameter size: along i, j, k.
    func apply(to voxels: inout [Float], size: [Int]) {
        switch self {
        case .scaleRange(let lower, let upper, let newLower, let newUpper, let clips):
            let (low, high) = (Float(newLower), Float(newUpper))
            let (scale, first) = (Float(upper - lower), Float(lower))
            voxels = voxels.map { voxel in
                let value = (voxel - first) / scale * (high - low) + low
                return clips ? min(max(value, low), high) : value
            }
        case .standardise(let nonZero): Intensities.standardiseNonZero(&voxels, orAll: !nonZero)
        case .smooth(let sigma): voxels = Intensities.smoothed(voxels, size: size, sigma: sigma)
        case .stretch(let lower, let upper):
            Intensities.stretchToUnitRange(&voxels, lower: Float(lower), upper: Float(upper))
        }
    }
}
