import Foundation

/// Where the header and, of a pair, the voxels are: `a.hdr` and `a.img`, each gzipped or not. Either may be named.
struct NIfTIPaths {
    let header: String
    /// Nil where the name is neither of a pair's.
    let voxels: String?

    init(_ path: String) {
        let stem = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        guard stem.hasSuffix(".hdr") || stem.hasSuffix(".img") else {
            (header, voxels) = (path, nil)
            return
        }
        let name = String(stem.dropLast(4))
        func found(_ ending: String) -> String {
            if path.hasSuffix(ending) || path.hasSuffix(ending + ".gz") { return path }
            let plain = name + ending
            return FileManager.default.fileExists(atPath: plain + ".gz")
                && !FileManager.default.fileExists(atPath: plain) ? plain + ".gz" : plain
        }
        (header, voxels) = (found(".hdr"), found(".img"))
    }
}
