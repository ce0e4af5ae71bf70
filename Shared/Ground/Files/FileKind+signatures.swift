/// The bytes by which kinds are told.
extension FileKind {
    private static let signatures: [(bytes: [UInt8], offset: Int, kind: FileKind)] = [
        ([0x1F, 0x8B], 0, .gzip), (Array("BZh".utf8), 0, .bzip2), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], 0, .xz),
        ([0x28, 0xB5, 0x2F, 0xFD], 0, .zstandard),
        ([0x50, 0x4B, 0x03, 0x04], 0, .zip), ([0x50, 0x4B, 0x05, 0x06], 0, .zip),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0, .sevenZip),
        (Array("ustar".utf8), 257, .tar), (Array("DICM".utf8), 128, .dicom),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], 0, .png),
        ([0xFF, 0xD8, 0xFF], 0, .jpeg), ([0x49, 0x49, 0x2A, 0x00], 0, .tiff), ([0x4D, 0x4D, 0x00, 0x2A], 0, .tiff),
        (Array("%PDF-".utf8), 0, .pdf),
        ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], 0, .hdf5), ([0x93] + Array("NUMPY".utf8), 0, .numpy),
        (Array("NRRD".utf8), 0, .nrrd),
        (Array("ObjectType = Image".utf8), 0, .metaImage), (Array("NDims = ".utf8), 0, .metaImage),
        (Array("version https://git-lfs.github.com/spec/".utf8), 0, .gitLFSPointer),
        (Array("version https://hawser.github.com/spec/".utf8), 0, .gitLFSPointer),
        (Array("/annex/objects/".utf8), 0, .gitAnnexPointer),
    ]

    static func binary(_ start: [UInt8]) -> FileKind? {
        if start.isEmpty { return .empty }
        for (bytes, offset, kind) in signatures where start.dropFirst(offset).starts(with: bytes) { return kind }
        if let image = niftiOrAnalyze(start) { return image }
        if start.allSatisfy({ $0 == 0 }) { return .zeros }
        // A pickle's protocol, 2 or later, and what a program begins with: its frame or a container.
        if start.count > 2, start[0] == 0x80, (2...5).contains(start[1]),
            [0x95, 0x7D, 0x8A, 0x63, 0x5D, 0x28].contains(start[2])
        {
            return .pickle
        }
        // The length of a header of JSON in eight bytes.
        if start.count > 9, start[8] == UInt8(ascii: "{"), start[5..<8].allSatisfy({ $0 == 0 }) { return .safetensors }
        return nil
    }

    /// By the header's size, which comes first in either byte order, and the magic bytes behind it.
    private static func niftiOrAnalyze(_ start: [UInt8]) -> FileKind? {
        guard start.count >= 348 else { return nil }
        let sizes = [Array(start[0..<4]), start[0..<4].reversed()]
        if sizes.contains([0x5C, 0x01, 0, 0]) {
            if start[344..<348].allSatisfy({ $0 == 0 }) { return .analyze }
            return [Array("n+1".utf8), Array("ni1".utf8)].contains(Array(start[344..<347])) ? .nifti : nil
        }
        guard sizes.contains([0x1C, 0x02, 0, 0]) else { return nil }
        return [Array("n+2".utf8), Array("ni2".utf8)].contains(Array(start[4..<7])) ? .nifti : nil
    }

    /// UTF-8 (or another superset of ASCII) without control characters; white space and a byte order mark before the
    /// content do not count.
    static func textual(_ start: [UInt8]) -> FileKind? {
        guard start.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || [0x09, 0x0A, 0x0C, 0x0D].contains($0) }) else {
            return nil
        }
        let content = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start[...]
        let text = String(decoding: content.drop { [0x09, 0x0A, 0x0D, 0x20].contains($0) }, as: UTF8.self)
        let folded = text.lowercased()
        // A checkout without symbolic links leaves their targets as text.
        if isAnnexed(linkTo: text) { return .gitAnnexPointer }
        if folded.hasPrefix("<!doctype html") || folded.hasPrefix("<html") || folded.hasPrefix("<head") { return .html }
        if folded.hasPrefix("<?xml") || folded.hasPrefix("<!--") { return folded.contains("<html") ? .html : .xml }
        if folded.hasPrefix("<error>") { return .xml }
        if text.hasPrefix("{") || text.hasPrefix("[") { return .json }
        let printable = start.count { $0 < 0x80 }
        return start.count >= 4 && printable * 10 >= start.count * 7 ? .text : nil
    }
}
