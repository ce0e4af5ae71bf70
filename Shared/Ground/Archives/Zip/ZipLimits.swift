/// What an archive may be, before any of it is decompressed.
package struct ZipLimits: Sendable {
    package var entries = Int.max
    package var directoryByteCount = Int.max
    /// Of one entry, decompressed.
    package var entryByteCount = Int.max
    /// Of all together.
    package var totalByteCount = Int.max
    /// How many times the archive's own size they may become together, where that is more than `smallTotalByteCount`.
    package var ratio = Zlib.largestRatio
    package var smallTotalByteCount = 0
    /// Entries are found by their names: each is there once, and plain enough to be shown.
    package var areNamesUsed = true
    /// Bytes behind the directory that no comment accounts for are let pass.
    package var allowsTrailingBytes = false

    package init() {}
}
