import Files
import Foundation

/// Files of a study's folder that are no DICOM objects but may stand where some were: what a copy, a download or a
/// checkout left. An object's place cannot be told from them, so at an end of the stack no gap shows that it is
/// missing.
///
/// What is meant to be no object (texts, pictures, the web pages of a viewer) is none of them.
struct LostFiles: Sendable {
    private static let kinds: [FileKind] = [
        .empty, .zeros, .gitLFSPointer, .gitAnnexPointer, .html, .gzip, .bzip2, .xz, .zstandard,
    ]
    private var counts: [FileKind: Int] = [:]

    /// - Parameters:
    ///   - path: where a file that is no object can be opened.
    ///   - name: its path as it was sent, never shown.
    mutating func add(_ path: String, name: String) {
        guard let kind = FileKind(path: path), Self.kinds.contains(kind), !Self.isNamedOtherwise(name) else { return }
        counts[kind, default: 0] += 1
    }

    /// Such as `2 files beside the images are none: 1 is empty, 1 is a web page (HTML)`; nil where there are none.
    var sentence: String? {
        let count = counts.values.reduce(0, +)
        guard count > 0 else { return nil }
        return
            "\(count) \(count == 1 ? "file beside the images is none: it is" : "files beside the images are none:") \(list(isOne: count == 1))"
    }

    /// Such as `1 is empty, 2 are pointers of Git LFS (`git lfs pull` fetches the file itself)`; nil where there are
    /// none.
    var kinds: String? { counts.isEmpty ? nil : list(withAdvice: true) }

    private func list(isOne: Bool = false, withAdvice: Bool = false) -> String {
        Self.kinds.compactMap { kind in
            guard let count = counts[kind] else { return nil }
            let advice = withAdvice ? kind.advice.map { " (\($0))" } ?? "" : ""
            return (isOne ? "" : "\(count) \(count == 1 ? "is" : "are") ") + Self.words(kind, isOne: count == 1)
                + advice
        }.joined(separator: ", ")
    }

    private static func words(_ kind: FileKind, isOne: Bool) -> String {
        switch kind {
        case .empty: "empty"
        case .zeros: "zeros only"
        case .gitLFSPointer where !isOne: "pointers of Git LFS"
        case .gitAnnexPointer where !isOne: "pointers of git-annex"
        case .html where !isOne: "web pages (HTML)"
        default: kind.name
        }
    }

    /// Whether the name says that a file is no object: hidden, a medium's helper, or with the ending of something else.
    /// Parts of an identifier behind a dot are no ending.
    private static func isNamedOtherwise(_ path: String) -> Bool {
        let name = path.split(separator: "/").last?.lowercased() ?? ""
        guard !name.hasPrefix("."), !["dicomdir", "lockfile", "version"].contains(name) else { return true }
        let unpacked =
            [".gz", ".bz2", ".xz", ".zst"].first(where: name.hasSuffix).map { name.dropLast($0.count) } ?? name[...]
        guard let dot = unpacked.lastIndex(of: ".") else { return false }
        let ending = unpacked[unpacked.index(after: dot)...]
        return ending.first?.isLetter == true && ending.count <= 5
            && !["dcm", "dicom", "dic", "ima", "img", "ct", "mr"].contains(ending)
    }
}

extension FileKind {
    /// Nil also for what cannot be read: who reads it says why.
    init?(path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        do { self.init([UInt8](try file.read(upToCount: Self.byteCount) ?? Data())) } catch { return nil }
    }
}
