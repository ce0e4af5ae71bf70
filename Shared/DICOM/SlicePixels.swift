import Dispatch
import Synchronization
import Volumes

/// The rescaled values of a stack, decoded on all cores.
struct SlicePixels {
    /// Columns fastest, then rows, then slices.
    let values: [Float]
    let isInt16Exact: Bool

    /// 512 × 512 × 4096: 4 GB of Float.
    private static let largestVoxelCount = 1 << 30

    init(_ stack: SliceStack) throws(DICOMError) {
        let size = stack.geometry.size
        let sliceCount = size[0] * size[1]
        let (total, overflow) = sliceCount.multipliedReportingOverflow(by: size[2])
        guard !overflow, total <= SlicePixels.largestVoxelCount else {
            throw DICOMError(
                .tooLarge, "series has \(size[0])×\(size[1])×\(size[2]) voxels, expected at most \(SlicePixels.largestVoxelCount)")
        }
        /// Per slice, so that the error reported is that of the first slice whatever thread was faster.
        let outcomes = Mutex([Int: Result<Bool, DICOMError>]())
        values = [Float](unsafeUninitializedCapacity: total) { buffer, count in
            buffer.initialize(repeating: 0)
            count = total
            let shared = SharedBuffer(buffer)
            DispatchQueue.concurrentPerform(iterations: size[2]) { slice in
                let target = UnsafeMutableBufferPointer(start: shared.pointer + slice * sliceCount, count: sliceCount)
                let outcome = Result { () throws(DICOMError) in try SlicePixels.decode(stack.slices[slice], into: target) }
                outcomes.withLock { $0[slice] = outcome }
            }
        }
        var isExact = true
        for slice in 0..<size[2] {
            guard let outcome = outcomes.withLock({ $0[slice] }) else { continue }
            isExact = try outcome.get() && isExact
        }
        isInt16Exact = isExact
    }

    /// Decodes and rescales one slice; true when all its values are integers of 16 bits.
    private static func decode(_ header: SliceHeader, into target: UnsafeMutableBufferPointer<Float>) throws(DICOMError) -> Bool {
        let slope = header.rescaleSlope
        let intercept = header.rescaleIntercept
        guard slope != 0 else { throw DICOMError(.invalidAttribute, "RescaleSlope (0028,1053) must not be 0", path: header.path) }
        let file = try DICOMFile(path: header.path)
        let stored = UnsafeMutableBufferPointer<Int32>.allocate(capacity: target.count)
        defer { stored.deallocate() }
        stored.initialize(repeating: 0)
        try file.decode(into: stored)
        var lowest = Int32.max
        var highest = Int32.min
        for index in target.indices {
            let value = stored[index]
            lowest = min(lowest, value)
            highest = max(highest, value)
            target[index] = Float(Double(value) * slope + intercept)
        }
        let isInteger = slope == slope.rounded() && intercept == intercept.rounded()
        let ends = [Double(lowest) * slope + intercept, Double(highest) * slope + intercept]
        return isInteger && ends.allSatisfy { (-32768...32767).contains($0) }
    }
}
