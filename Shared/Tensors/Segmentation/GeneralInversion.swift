import Plans
import TensorCore
import Threads
import Volumes

/// `GridInversion` for sheared affines, whose axes the network's grid doesn't share: eight corners for every voxel.
/// About ten times slower than `SeparableInversion`; hospitals' CTs need it only for gantry tilt that was left in the
/// affine.
struct GeneralInversion: Sendable {
    let network: [Int]
    let original: [Int]
    let map: Affine

    func run(_ logits: SharedPointer<Float>, classes: Int, _ labels: SharedPointer<UInt8>, pool: ComputePool) {
        let rows = original[1]
        pool.forEach(count: rows * original[2]) { task in
            let (j, k) = (task % rows, task / rows)
            let target = labels.base + task * original[0]
            for i in 0..<original[0] {
                target[i] = winner(
                    logits.base, classes: classes, at: map.applied(to: SIMD3(Double(i), Double(j), Double(k))))
            }
        }
    }

    private func winner(_ logits: UnsafePointer<Float>, classes: Int, at position: SIMD3<Double>) -> UInt8 {
        let last = SIMD3<Double>(network.map { Double($0 - 1) })
        let clamped = position.clamped(lowerBound: .zero, upperBound: last)
        let lower = clamped.rounded(.down)
        let f = SIMD3<Float>(clamped - lower)
        let (d, h, w) = (Int(lower.x), Int(lower.y), Int(lower.z))
        let base = (d * network[1] + h) * network[2] + w
        let stepD = d + 1 < network[0] ? network[1] * network[2] : 0
        let stepH = h + 1 < network[1] ? network[2] : 0
        let stepW = w + 1 < network[2] ? 1 : 0
        let voxels = network[0] * network[1] * network[2]
        var best = -Float.infinity
        var winner = 0
        for label in 0..<classes {
            let corner = logits + label * voxels + base
            func row(_ offset: Int) -> Float { corner[offset] + f.z * (corner[offset + stepW] - corner[offset]) }
            func plane(_ offset: Int) -> Float {
                let near = row(offset)
                return near + f.y * (row(offset + stepH) - near)
            }
            let near = plane(0)
            let value = near + f.x * (plane(stepD) - near)
            if value > best { (best, winner) = (value, label) }
        }
        return UInt8(winner)
    }
}
