import Foundation

/// Memory on pages of 2 MiB where the system grants them: the processor's table of small pages covers less than a
/// block's transforms.
enum LargePages {
    static let size = 2 << 20

    static func rounded(floats: Int) -> Int { (max(1, floats) * 4 + size - 1) / size * size / 4 }

    /// At least `floats` with any content, to be freed with `free`; nil when the system has not as much.
    static func allocate(floats: Int) -> UnsafeMutablePointer<Float>? {
        let bytes = rounded(floats: floats) * 4
        var region: UnsafeMutableRawPointer?
        guard posix_memalign(&region, size, bytes) == 0, let region else { return nil }
        #if os(Linux)
            _ = madvise(region, bytes, MADV_HUGEPAGE)
        #endif
        return region.bindMemory(to: Float.self, capacity: bytes / 4)
    }
}
