/// Finds bytes in rows of voxels, eight at a time: most rows have none of those looked for.
package enum ByteRow {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The first place from `place` on, before `end`, that is `byte`; `end` if there is none.
    package static func next(_ byte: UInt8, in row: UnsafePointer<UInt8>, from place: Int, to end: Int) -> Int {
        var place = place
        let pattern = ones &* UInt64(byte)
        while place + 8 <= end {
            // A byte that is 0 borrows from its top bit.
            let differing = UnsafeRawPointer(row + place).loadUnaligned(as: UInt64.self) ^ pattern
            if (differing &- ones) & ~differing & tops != 0 { break }
            place += 8
        }
        while place < end, row[place] != byte { place += 1 }
        return place
    }

    /// The first place from `place` on, before `end`, that has one of `bits`; `end` if there is none.
    package static func next(bits: UInt8, in row: UnsafePointer<UInt8>, from place: Int, to end: Int) -> Int {
        var place = place
        let pattern = ones &* UInt64(bits)
        while place + 8 <= end, UnsafeRawPointer(row + place).loadUnaligned(as: UInt64.self) & pattern == 0 {
            place += 8
        }
        while place < end, row[place] & bits == 0 { place += 1 }
        return place
    }
}
