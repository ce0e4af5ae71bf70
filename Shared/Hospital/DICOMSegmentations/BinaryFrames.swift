import Faults
import Volumes

/// The frames of a binary segmentation: one bit a pixel, frame after frame without gaps (PS3.5, 8.1.1), empty frames
/// left out.
struct BinaryFrames {
    struct Frame: Hashable {
        /// Which of the segments, from 0.
        var segment: Int
        /// Which plane of the grid, from 0.
        var plane: Int
    }

    /// By segment, then by plane.
    let frames: [Frame]
    /// An even number of bytes.
    let bits: [UInt8]

    /// - Parameters:
    ///   - values: the voxel value of each segment.
    /// - Throws: `tooLarge` for more than 4 GiB of bits.
    init(_ voxels: [UInt8], _ grid: FrameGrid, values: [UInt8]) throws(SegmentationObjectError) {
        let pixels = grid.rows * grid.columns
        var plane = [UInt8](repeating: 0, count: pixels)
        // First which values each plane has, then the bits of each in its place.
        let present = (0..<grid.planes).map { index in
            Self.copy(voxels, grid, plane: index, to: &plane)
            return Self.presence(plane)
        }
        var frames: [Frame] = []
        var starts: [[Int]] = Array(repeating: [], count: grid.planes)
        for (segment, value) in values.enumerated() {
            for index in 0..<grid.planes where present[index][Int(value)] {
                starts[index].append(frames.count)
                frames.append(Frame(segment: segment, plane: index))
            }
        }
        guard frames.count * pixels / 8 < 0xffff_fff0 else {
            throw SegmentationObjectError(
                .tooLarge,
                "a segmentation holds at most 4 GiB of bits, \(frames.count) frames of \(pixels) pixels are more")
        }
        var bits = [UInt8](repeating: 0, count: ((frames.count * pixels + 7) / 8 + 1) & ~1)
        for index in 0..<grid.planes where !starts[index].isEmpty {
            Self.copy(voxels, grid, plane: index, to: &plane)
            for start in starts[index] {
                Self.pack(plane, value: values[frames[start].segment], to: &bits, from: start * pixels)
            }
        }
        self.frames = frames
        self.bits = bits
    }

    private static func copy(_ voxels: [UInt8], _ grid: FrameGrid, plane: Int, to target: inout [UInt8]) {
        let first = grid.start + plane * grid.strides.plane
        voxels.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                for row in 0..<grid.rows {
                    let (from, to) = (first + row * grid.strides.row, row * grid.columns)
                    for column in 0..<grid.columns { target[to + column] = source[from + column * grid.strides.column] }
                }
            }
        }
    }

    /// Which of the 256 values occur.
    private static func presence(_ plane: [UInt8]) -> [Bool] {
        var found = [Bool](repeating: false, count: 256)
        plane.withUnsafeBytes { bytes in
            // Runs of the same value, mostly background, eight at a time.
            var index = 0
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let first = UInt64(UInt8(truncatingIfNeeded: word)) &* 0x0101_0101_0101_0101
                if word == first {
                    found[Int(UInt8(truncatingIfNeeded: word))] = true
                } else {
                    for byte in 0..<8 { found[Int(bytes[index + byte])] = true }
                }
                index += 8
            }
            while index < bytes.count {
                found[Int(bytes[index])] = true
                index += 1
            }
        }
        return found
    }

    /// Sets the bit of each pixel that has `value`, the first pixel's at bit `first`: the lowest bit of a byte comes
    /// first.
    private static func pack(_ plane: [UInt8], value: UInt8, to bits: inout [UInt8], from first: Int) {
        let pattern = UInt64(value) &* 0x0101_0101_0101_0101
        let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
        let shift = first & 7
        plane.withUnsafeBytes { source in
            bits.withUnsafeMutableBufferPointer { target in
                var (index, byte) = (0, first >> 3)
                while index + 8 <= source.count {
                    let difference = source.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian ^ pattern
                    // 0x80 where the bytes are equal and nowhere else: no carry leaves a byte.
                    let equal = ~(((difference & low) &+ low) | difference | low)
                    if equal != 0 {
                        // Bit 8i of eight bytes to bit i of one.
                        let packed = ((equal >> 7) &* 0x0102_0408_1020_4080) >> 56
                        target[byte] |= UInt8(truncatingIfNeeded: packed << UInt64(shift))
                        if shift > 0 { target[byte + 1] |= UInt8(truncatingIfNeeded: packed >> UInt64(8 - shift)) }
                    }
                    index += 8
                    byte += 1
                }
                while index < source.count {
                    if source[index] == value { target[(first + index) >> 3] |= 1 << UInt8((first + index) & 7) }
                    index += 1
                }
            }
        }
    }
}
