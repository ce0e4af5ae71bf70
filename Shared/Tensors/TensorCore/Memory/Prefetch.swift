import CProcessor

/// Asks for cache lines before they are needed: rows of a volume are too short for the processor to foresee the next.
enum Prefetch {
    /// `floats` from `address` on, to be read; any address is allowed.
    @inline(__always) static func toRead(_ address: UnsafePointer<Float>, floats: Int) {
        var offset = 0
        while offset < floats {
            columna_prefetch_to_read(address + offset)
            offset += 16
        }
    }

    /// The same to be written.
    @inline(__always) static func toWrite(_ address: UnsafePointer<Float>, floats: Int) {
        var offset = 0
        while offset < floats {
            columna_prefetch_to_write(address + offset)
            offset += 16
        }
    }
}
