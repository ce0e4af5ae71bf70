import Statistics
import Volumes

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a scanner and its reconstruction make of a scene: kernel, thick slices, noise with its spectrum, streaks, a
/// calibration that is a little off.
struct Scanner: Sendable {
    private let kernel: Float
    private let sharpening: Float
    private let thickness: Float
    private let phase: Float
    private let noise: Float
    private let noiseGrain: Float
    private let shade: Float
    private let scale: Float
    private let offset: Float
    private let streaks: Float

    /// - Parameter hasMetal: streaks come from it, and from shoulders and hips now and then.
    init(hasMetal: Bool, _ random: inout SplitMix64) {
        kernel = random.logarithmic(in: 0.3...1.5)
        sharpening = random.chance(35) ? random.value(in: 0.2...1.4) : 0
        thickness = random.logarithmic(in: 0.7...5)
        phase = random.value(in: 0...5)
        noise = random.logarithmic(in: 5...80)
        noiseGrain = random.chance(70) ? random.value(in: 0.35...1) : 0
        shade = random.chance(40) ? random.value(in: 0...15) : 0
        scale = random.value(in: 0.95...1.05)
        offset = random.value(in: -15...15)
        streaks = hasMetal ? random.value(in: 60...400) : random.chance(8) ? random.value(in: 10...50) : 0
    }

    /// - Parameters:
    ///   - image: Hounsfield units, changed in place.
    ///   - centre: voxel (i, j, k) that streaks come from.
    func scan(
        _ image: inout Samples<Float>, _ window: SceneWindow, lumps: Samples<Float>, streaksFrom centre: SIMD3<Float>,
        _ random: inout SplitMix64
    ) {
        var spare = Samples<Float>(image.count)
        let inPlane = (0..<3).filter { $0 != window.sliceAxis }
        for axis in inPlane where kernel / window.spacing[axis] > 0.25 {
            filter(
                &image, &spare, window, axis, Bands(count: window.size[axis], deviation: kernel / window.spacing[axis]))
        }
        let slices = thickness / window.spacing[window.sliceAxis]
        if slices > 1 {
            filter(
                &image, &spare, window, window.sliceAxis,
                Bands(count: window.size[window.sliceAxis], thickness: slices, phase: phase))
        }
        if sharpening > 0 { sharpen(&image, &spare, window, inPlane) }
        addStreaks(image, window, centre, &random)
        addNoise(image, &spare, window, lumps, &random)
    }

    private func filter(
        _ image: inout Samples<Float>, _ spare: inout Samples<Float>, _ window: SceneWindow, _ axis: Int, _ bands: Bands
    ) {
        bands.apply(image.base, spare.base, size: window.size, axis: axis)
        swap(&image, &spare)
    }

    private func sharpen(
        _ image: inout Samples<Float>, _ spare: inout Samples<Float>, _ window: SceneWindow, _ axes: [Int]
    ) {
        var blurred = Samples<Float>(image.count)
        blurred.base.update(from: image.base, count: image.count)
        for axis in axes {
            filter(&blurred, &spare, window, axis, Bands(count: window.size[axis], deviation: 0.8))
        }
        for voxel in 0..<image.count { image[voxel] += sharpening * (image[voxel] - blurred[voxel]) }
    }

    /// Rays in the planes of the slices, by the angle around what casts them.
    private func addStreaks(
        _ image: Samples<Float>, _ window: SceneWindow, _ centre: SIMD3<Float>, _ random: inout SplitMix64
    ) {
        guard streaks > 0 else { return }
        let rays = (0..<64).map { _ in random.normal() }
        let axes = (0..<3).filter { $0 != window.sliceAxis }
        let (width, height) = (window.size[0], window.size[1])
        for voxel in 0..<image.count {
            let index = SIMD3<Float>(
                Float(voxel % width), Float(voxel / width % height), Float(voxel / (width * height)))
            let offset = index - centre
            let (a, b) = (offset[axes[0]] * window.spacing[axes[0]], offset[axes[1]] * window.spacing[axes[1]])
            let along = offset[window.sliceAxis] * window.spacing[window.sliceAxis]
            let turn = (atan2f(b, a) / 6.2831855 + 0.5) * 63.999
            let ray = Int(turn)
            let value = mix(rays[ray], rays[(ray + 1) % 64], turn - Float(ray))
            image[voxel] +=
                streaks * value / (1 + (a * a + b * b).squareRoot() / 25) * expf(-along * along / 3000)
        }
    }

    private func addNoise(
        _ image: Samples<Float>, _ spare: inout Samples<Float>, _ window: SceneWindow, _ lumps: Samples<Float>,
        _ random: inout SplitMix64
    ) {
        var grain = Samples<Float>(image.count)
        let source = PlaceNoise(seed: random.next())
        for voxel in 0..<image.count { grain[voxel] = source.gaussian(voxel) }
        if noiseGrain > 0 {
            for axis in (0..<3) where axis != window.sliceAxis {
                filter(&grain, &spare, window, axis, Bands(count: window.size[axis], deviation: noiseGrain))
            }
            var squares: Float = 0
            for voxel in 0..<grain.count { squares += grain[voxel] * grain[voxel] }
            let unit = 1 / max((squares / Float(grain.count)).squareRoot(), 1e-3)
            for voxel in 0..<grain.count { grain[voxel] *= unit }
        }
        for voxel in 0..<image.count {
            let value = (image[voxel] + 1000 + shade * lumps[voxel]) * scale - 1000 + offset + noise * grain[voxel]
            image[voxel] = min(max(value, -1024), 3071)
        }
    }
}
