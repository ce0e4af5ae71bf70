import Threads

/// Samples a grid axis by axis where at least one axis takes cubic splines. In the plane first, slice by slice in the
/// cache, then along k:
/// ```
///  slice ──along j──> ──transpose──along i──transpose──> plane of the result's size ┐
///  … of all slices …                                                                ├──along k, 32 columns at a time──> result
/// ```
/// Between the two stands one volume of the result's planes with the source's slices; spline coefficients of the whole
/// volume never. With pointers: what the threads write is memory that nobody has initialised, and no span is of that.
struct SeparableResampler: Sendable {
    /// Along i, j, k.
    let axes: [AxisSamples]
    let clipping: Clipping
    let pool: ComputePool

    /// Splines overshoot at edges; what they may reach is the range of what they were made from.
    enum Clipping: Sendable {
        case none
        /// Of the whole volume.
        case volume
        /// Of each slice across k.
        case slice
    }

    private var sourceSize: [Int] { axes.map(\.size) }
    private var targetSize: [Int] { axes.map(\.count) }

    func sampled(_ voxels: [Float]) -> [Float] {
        let ranges = ranges(voxels)
        // Slices that no sample needs are left out.
        let needed = neededSlices
        let planes = inPlane(voxels, needed, ranges)
        return acrossPlanes(planes, needed, clippedTo: clipping == .volume ? Self.union(ranges) : nil)
    }

    private var neededSlices: [Int] {
        guard case .nearest = axes[2].kind else { return Array(0..<sourceSize[2]) }
        return Set(axes[2].lower.map { Int($0) }).sorted()
    }

    // MARK: - Ranges

    /// Lowest and highest value of every slice; empty where nothing is clipped.
    private func ranges(_ voxels: [Float]) -> [ClosedRange<Float>] {
        if case .none = clipping { return [] }
        let area = sourceSize[0] * sourceSize[1]
        return [ClosedRange<Float>](unsafeUninitializedCapacity: sourceSize[2]) { ranges, count in
            let ranges = SharedPointer(ranges)
            pool.forEach(count: sourceSize[2]) { k in
                let slice = voxels.span.extracting(k * area..<(k + 1) * area)
                var (low, high) = (slice[0], slice[0])
                for index in slice.indices {
                    low = slice[index] < low ? slice[index] : low
                    high = slice[index] > high ? slice[index] : high
                }
                (ranges.base + k).initialize(to: low...high)
            }
            count = sourceSize[2]
        }
    }

    private static func union(_ ranges: [ClosedRange<Float>]) -> ClosedRange<Float>? {
        guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else { return nil }
        return low...high
    }

    // MARK: - Passes

    /// The needed slices, one behind the other, at the result's sizes along i and j.
    private func inPlane(_ voxels: [Float], _ needed: [Int], _ ranges: [ClosedRange<Float>]) -> [Float] {
        if axes[0].isIdentity, axes[1].isIdentity, needed.count == sourceSize[2] { return voxels }
        let area = targetSize[0] * targetSize[1]
        let (alongI, alongJ) = (LineSampler(axes[0]), LineSampler(axes[1]))
        let plane = PlaneSampler(alongI: alongI, alongJ: alongJ)
        let sourceArea = sourceSize[0] * sourceSize[1]
        let clipsSlices = if case .slice = clipping { true } else { false }
        return [Float](unsafeUninitializedCapacity: area * needed.count) { planes, count in
            let planes = SharedPointer(planes)
            pool.forEach(count: needed.count) { index in
                voxels.withUnsafeBufferPointer { voxels in
                    guard let voxels = voxels.baseAddress else { return }
                    let target = planes.base + index * area
                    plane.run(voxels + needed[index] * sourceArea, to: target)
                    if clipsSlices { clip(target, count: area, to: ranges[needed[index]]) }
                }
            }
            count = area * needed.count
        }
    }

    private func acrossPlanes(_ planes: [Float], _ needed: [Int], clippedTo range: ClosedRange<Float>?) -> [Float] {
        if axes[2].isIdentity, range == nil { return planes }
        let area = targetSize[0] * targetSize[1]
        let total = area * targetSize[2]
        if case .nearest = axes[2].kind {
            let places = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($0.element, $0.offset) })
            let from = axes[2].lower.map { places[Int($0)] ?? 0 }
            return filled(total) { result in
                pool.forEach(count: from.count) { k in
                    planes.withUnsafeBufferPointer { planes in
                        guard let planes = planes.baseAddress else { return }
                        (result.base + k * area).update(from: planes + from[k] * area, count: area)
                        if let range { clip(result.base + k * area, count: area, to: range) }
                    }
                }
            }
        }
        let lines = LineSampler(axes[2])
        let strip = 128
        return filled(total) { result in
            pool.forEach(count: (area + strip - 1) / strip) { index in
                let first = index * strip
                let count = min(strip, area - first)
                planes.withUnsafeBufferPointer { planes in
                    guard let planes = planes.baseAddress else { return }
                    withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: lines.scratchCount) { scratch in
                        guard let scratch = scratch.baseAddress else { return }
                        lines.run(
                            planes + first, stride: area, to: result.base + first, stride: area, count: count,
                            scratch: scratch)
                    }
                }
                guard let range else { return }
                for k in 0..<targetSize[2] { clip(result.base + k * area + first, count: count, to: range) }
            }
        }
    }

    private func filled(_ total: Int, _ body: (SharedPointer<Float>) -> Void) -> [Float] {
        [Float](unsafeUninitializedCapacity: total) { result, count in
            body(SharedPointer(result))
            count = total
        }
    }

    @Sendable
    private func clip(_ values: UnsafeMutablePointer<Float>, count: Int, to range: ClosedRange<Float>) {
        let (low, high) = (range.lowerBound, range.upperBound)
        for index in 0..<count {
            let value = values[index] < low ? low : values[index]
            values[index] = value > high ? high : value
        }
    }
}
