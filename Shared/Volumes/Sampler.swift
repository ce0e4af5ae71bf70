import Dispatch

/// A voxel type that can be interpolated.
protocol Sampled: BitwiseCopyable, Sendable {
    var sampleValue: Double { get }
    init(sample: Double)
}

extension Float: Sampled {
    @inline(__always) var sampleValue: Double { Double(self) }
    @inline(__always) init(sample: Double) { self = Float(sample) }
}

extension UInt8: Sampled {
    @inline(__always) var sampleValue: Double { Double(self) }
    /// Interpolated values lie between voxel values, so they fit.
    @inline(__always) init(sample: Double) { self = UInt8(sample.rounded(.toNearestOrEven)) }
}

/// Where a coordinate lies on one axis: the offset of the voxel below (clamped to the border), the step to the one
/// above (0 at the border) and the upper one's weight.
private struct Tap: BitwiseCopyable {
    var lower: Int
    var step: Int
    var weight: Double

    @inline(__always)
    init(_ coordinate: Double, size: Int, stride: Int) {
        let clamped = max(0, min(coordinate, Double(size - 1)))
        let floor = Int(clamped)
        lower = floor * stride
        step = floor + 1 < size ? stride : 0
        weight = clamped - Double(floor)
    }
}

/// Fills a grid with samples of another, k-slice by k-slice in parallel. Every voxel is computed on its own, so the
/// result does not depend on the number of threads. Coordinates and weights are in double precision, as MONAI's.
struct Sampler<Voxel: Sampled> {
    /// Sizes of the grid sampled and of the result.
    let source: [Int]
    let target: [Int]
    /// Indices of the result to indices of the source.
    let map: Affine

    func sampled(_ voxels: [Voxel], _ interpolation: Interpolation) -> [Voxel] {
        let count = target[0] * target[1] * target[2]
        return [Voxel](unsafeUninitializedCapacity: count) { result, initialised in
            let result = SharedBuffer(result)
            voxels.withUnsafeBufferPointer { voxels in
                let voxels = SharedBuffer(UnsafeMutableBufferPointer(mutating: voxels))
                DispatchQueue.concurrentPerform(iterations: target[2]) { k in
                    let slice = result.pointer + target[0] * target[1] * k
                    switch interpolation {
                    case .linear where isDiagonal: fillDiagonallyLinear(slice, k, voxels.pointer)
                    case .linear: fillLinear(slice, k, voxels.pointer)
                    case .nearest where isDiagonal: fillDiagonallyNearest(slice, k, voxels.pointer)
                    case .nearest: fillNearest(slice, k, voxels.pointer)
                    }
                }
            }
            initialised = count
        }
    }

    /// Axes of the two grids are parallel and in the same order, so each axis has its own table of taps.
    private var isDiagonal: Bool {
        (0..<3).allSatisfy { row in (0..<3).allSatisfy { row == $0 || map[row, $0] == 0 } }
    }

    private func tap(_ coordinate: Double, axis: Int) -> Tap {
        Tap(coordinate, size: source[axis], stride: axis == 0 ? 1 : axis == 1 ? source[0] : source[0] * source[1])
    }

    private func fillDiagonallyLinear(_ slice: UnsafeMutablePointer<Voxel>, _ k: Int, _ voxels: UnsafeMutablePointer<Voxel>) {
        let taps = (0..<target[0]).map { tap(map[0, 0] * Double($0) + map[0, 3], axis: 0) }
        let z = tap(map[2, 2] * Double(k) + map[2, 3], axis: 2)
        let (scale, shift) = (map[1, 1], map[1, 3])
        taps.withUnsafeBufferPointer { taps in
            for j in 0..<target[1] {
                let y = tap(scale * Double(j) + shift, axis: 1)
                let row = slice + target[0] * j
                for i in 0..<taps.count {
                    row[i] = Voxel(sample: Self.interpolated(voxels, taps[i], y, z))
                }
            }
        }
    }

    private func fillLinear(_ slice: UnsafeMutablePointer<Voxel>, _ k: Int, _ voxels: UnsafeMutablePointer<Voxel>) {
        let step = map.column(0)
        let (nx, ny, nz) = (source[0], source[1], source[2])
        for j in 0..<target[1] {
            let start = map.applied(to: SIMD3(0, Double(j), Double(k)))
            let row = slice + target[0] * j
            for i in 0..<target[0] {
                let at = start + step * Double(i)
                row[i] = Voxel(
                    sample: Self.interpolated(
                        voxels, Tap(at.x, size: nx, stride: 1), Tap(at.y, size: ny, stride: nx),
                        Tap(at.z, size: nz, stride: nx * ny)))
            }
        }
    }

    private func fillDiagonallyNearest(_ slice: UnsafeMutablePointer<Voxel>, _ k: Int, _ voxels: UnsafeMutablePointer<Voxel>) {
        func nearest(_ index: Int, axis: Int) -> Int {
            let coordinate = (map[axis, axis] * Double(index) + map[axis, 3]).rounded(.toNearestOrEven)
            return Int(max(0, min(coordinate, Double(source[axis] - 1))))
        }
        let columns = (0..<target[0]).map { nearest($0, axis: 0) }
        let layer = voxels + source[0] * source[1] * nearest(k, axis: 2)
        columns.withUnsafeBufferPointer { columns in
            for j in 0..<target[1] {
                let from = layer + source[0] * nearest(j, axis: 1)
                let row = slice + target[0] * j
                for i in 0..<columns.count { row[i] = from[columns[i]] }
            }
        }
    }

    private func fillNearest(_ slice: UnsafeMutablePointer<Voxel>, _ k: Int, _ voxels: UnsafeMutablePointer<Voxel>) {
        let step = map.column(0)
        let (nx, ny) = (source[0], source[1])
        let last = SIMD3(Double(source[0] - 1), Double(source[1] - 1), Double(source[2] - 1))
        for j in 0..<target[1] {
            let start = map.applied(to: SIMD3(0, Double(j), Double(k)))
            let row = slice + target[0] * j
            for i in 0..<target[0] {
                let at = (start + step * Double(i)).rounded(.toNearestOrEven).clamped(lowerBound: .zero, upperBound: last)
                row[i] = voxels[Int(at.x) + nx * (Int(at.y) + ny * Int(at.z))]
            }
        }
    }

    /// The weighted mean of the eight voxels around a point.
    @inline(__always)
    private static func interpolated(_ voxels: UnsafeMutablePointer<Voxel>, _ x: Tap, _ y: Tap, _ z: Tap) -> Double {
        let base = voxels + (x.lower + y.lower + z.lower)
        let near = blend(blend(base, x), blend(base + y.step, x), y.weight)
        let far = blend(blend(base + z.step, x), blend(base + z.step + y.step, x), y.weight)
        return blend(near, far, z.weight)
    }

    @inline(__always)
    private static func blend(_ voxels: UnsafeMutablePointer<Voxel>, _ x: Tap) -> Double {
        blend(voxels[0].sampleValue, voxels[x.step].sampleValue, x.weight)
    }

    @inline(__always)
    private static func blend(_ lower: Double, _ upper: Double, _ weight: Double) -> Double {
        lower + (upper - lower) * weight
    }
}
