import Foundation

/// A NIfTI-1 or NIfTI-2 file of 4×3×2 voxels written field by field, so that every field can be wrong. Little endian.
struct MadeHeader {
    var version = 1
    var sformCode: Int16 = 1
    var qformCode: Int16 = 1
    var sform: [Float] = [-0.5, 0, 0, 100, 0, -0.75, 0, 120, 0, 0, 2.5, 50]
    /// A half turn about the third axis, and the offset.
    var qform: [Float] = [0, 0, 1, 100, 120, 50]
    var pixelDimensions: [Float] = [1, 0.5, 0.75, 2.5, 1, 1, 1, 1]
    var dimensions: [Int16] = [3, 4, 3, 2, 1, 1, 1, 1]
    var slope: Float = 0
    var intercept: Float = 0
    /// NIfTI's code and the voxels' bytes.
    var type: Int16 = 4
    var bytesPerVoxel: Int16 = 2
    var voxels = Data(count: 48)

    /// `codes` are NIfTI's: 2 UInt8, 4 Int16, 16 Float, 64 Double, 512 UInt16.
    mutating func setVoxels<Number: BitwiseCopyable>(_ numbers: [Number], type: Int16) {
        (self.type, bytesPerVoxel) = (type, Int16(MemoryLayout<Number>.size))
        voxels = numbers.withUnsafeBytes { Data($0) }
    }

    var file: Data { version == 1 ? version1 : version2 }

    private var version1: Data {
        var bytes = Data(count: 352)
        func put<Number>(_ number: Number, _ offset: Int) {
            withUnsafeBytes(of: number) { bytes.replaceSubrange(offset..<offset + $0.count, with: $0) }
        }
        put(Int32(348), 0)
        for (place, size) in dimensions.enumerated() { put(size, 40 + 2 * place) }
        put(type, 70)
        put(bytesPerVoxel * 8, 72)
        for (place, size) in pixelDimensions.enumerated() { put(size, 76 + 4 * place) }
        put(Float(352), 108)
        put(slope, 112)
        put(intercept, 116)
        put(UInt8(2), 123)
        put(qformCode, 252)
        put(sformCode, 254)
        for (place, value) in (qform + sform).enumerated() { put(value, 256 + 4 * place) }
        put(UInt32(0x0031_2B6E), 344)
        return bytes + voxels
    }

    private var version2: Data {
        var bytes = Data(count: 544)
        func put<Number>(_ number: Number, _ offset: Int) {
            withUnsafeBytes(of: number) { bytes.replaceSubrange(offset..<offset + $0.count, with: $0) }
        }
        put(Int32(540), 0)
        bytes.replaceSubrange(4..<12, with: [0x6E, 0x2B, 0x32, 0, 0x0D, 0x0A, 0x1A, 0x0A])
        put(type, 12)
        put(bytesPerVoxel * 8, 14)
        for (place, size) in dimensions.enumerated() { put(Int64(size), 16 + 8 * place) }
        for (place, size) in pixelDimensions.enumerated() { put(Double(size), 104 + 8 * place) }
        put(Int64(544), 168)
        put(Double(slope), 176)
        put(Double(intercept), 184)
        put(Int32(qformCode), 344)
        put(Int32(sformCode), 348)
        for (place, value) in (qform + sform).enumerated() { put(Double(value), 352 + 8 * place) }
        put(Int32(2), 500)
        return bytes + voxels
    }
}
