/// Finds bytes in rows of voxels, eight at a time: most rows have none of those looked for.
package enum ByteRow {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The first place from `place` on, before `end`, that is `byte`; `end` if there is none.
    package static func next(_ byte: UInt8, in row: Span<UInt8>, from place: Int, to end: Int) -> Int {
        precondition(place >= 0 && end <= row.count, "a row of \(row.count) has no places \(place) to \(end)")
        var place = place
        let pattern = ones &* UInt64(byte)
        while place + 8 <= end {
            // A byte that is 0 borrows from its top bit.
            let differing = eight(row, place) ^ pattern
            if (differing &- ones) & ~differing & tops != 0 { break }
            place += 8
        }
        while place < end, row[place] != byte { place += 1 }
        return place
    }

    /// The first place from `place` on, before `end`, that has one of `bits`; `end` if there is none.
    package static func next(bits: UInt8, in row: Span<UInt8>, from place: Int, to end: Int) -> Int {
        precondition(place >= 0 && end <= row.count, "a row of \(row.count) has no places \(place) to \(end)")
        var place = place
        let pattern = ones &* UInt64(bits)
        while place + 8 <= end, eight(row, place) & pattern == 0 { place += 8 }
        while place < end, row[place] & bits == 0 { place += 1 }
        return place
    }

    /// The bytes from `place` on; `next` has looked that they are there.
    @inline(__always)
    private static func eight(_ row: Span<UInt8>, _ place: Int) -> UInt64 {
        row.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self)
    }
}
