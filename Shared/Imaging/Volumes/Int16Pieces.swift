import Faults

/// Writes whole numbers as 16-bit integers, converted a few megabytes at a time: no second copy of a volume.
enum Int16Pieces {
    private static let pieceCount = 1 << 21

    /// Throws `valuesDoNotFit` at a value that Int16 does not hold exactly, and what `sink` throws.
    static func write(_ values: [Float], to sink: ByteSink) throws {
        var piece = [Int16](repeating: 0, count: min(pieceCount, max(1, values.count)))
        for first in stride(from: 0, to: values.count, by: piece.count) {
            let part = values.span.extracting(first..<min(first + piece.count, values.count))
            guard convert(part, to: &piece) else {
                let wrong = part.indices.first { Int16(exactly: part[$0]) == nil }.map { part[$0] } ?? .nan
                throw VolumeError(
                    .valuesDoNotFit,
                    "a voxel of \(wrong) cannot be stored as a 16-bit integer; store the volume as float32")
            }
            try piece.withUnsafeBytes { try sink.write(UnsafeRawBufferPointer(rebasing: $0[..<(2 * part.count)])) }
        }
    }

    /// False if a value was not exact.
    private static func convert(_ values: Span<Float>, to piece: inout [Int16]) -> Bool {
        var target = piece.mutableSpan
        // A conversion of Float to an integer traps where it does not fit, one by one. Adding 1.5·2²³ instead leaves a
        // whole number in the lowest bits of the sum; whatever else is there, NaN too, does not come back as the same
        // value. Without branches, so that the loop runs in vector registers.
        let shift: Float = 12_582_912
        var wrong: UInt32 = 0
        for index in values.indices {
            let bits = Int32(bitPattern: (values[index] + shift).bitPattern &- shift.bitPattern)
            let whole = Int16(truncatingIfNeeded: bits)
            target[index] = whole
            wrong |= Float(whole) == values[index] ? 0 : 1
        }
        return wrong == 0
    }
}
