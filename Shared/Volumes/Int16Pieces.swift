/// Writes whole numbers as 16-bit integers, converted a few megabytes at a time: no second copy of a volume.
enum Int16Pieces {
    private static let pieceCount = 1 << 21

    /// Throws `valuesDoNotFit` at a value that Int16 does not hold exactly, and what `sink` throws.
    static func write(_ values: [Float], to sink: ByteSink) throws {
        let piece = UnsafeMutableBufferPointer<Int16>.allocate(capacity: min(pieceCount, max(1, values.count)))
        defer { piece.deallocate() }
        try values.withUnsafeBufferPointer { values in
            for first in stride(from: 0, to: values.count, by: piece.count) {
                let count = min(piece.count, values.count - first)
                let part = UnsafeBufferPointer(rebasing: values[first..<first + count])
                guard convert(part, to: piece) else {
                    let wrong = part.first { Int16(exactly: $0) == nil } ?? .nan
                    throw VolumeError(.valuesDoNotFit, "a voxel of \(wrong) cannot be stored as a 16-bit integer; store the volume as float32")
                }
                try sink.write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: piece[..<count])))
            }
        }
    }

    /// False if a value was not exact.
    private static func convert(_ values: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Int16>) -> Bool {
        var isExact = true
        for index in 0..<values.count {
            // A conversion of NaN or of too large a number would trap.
            let clamped = max(min(values[index], 32767), -32768)
            let whole = Int16(truncatingIfNeeded: Int32(clamped.isNaN ? 0 : clamped))
            target[index] = whole
            isExact = isExact && Float(whole) == values[index]
        }
        return isExact
    }
}
