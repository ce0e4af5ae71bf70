import Foundation

/// A multipart body made of files, read while it is sent.
final class MultipartSource {
    private enum Piece {
        case bytes([UInt8])
        case file(URL, byteCount: Int)

        var byteCount: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, let byteCount): byteCount
            }
        }
    }

    let contentType: String
    let byteCount: Int
    private let pieces: [Piece]
    private var index = 0
    private var offset = 0
    private var file: FileHandle?

    init(_ files: [(url: URL, byteCount: Int)]) {
        // 128 random bits do not come up in a file.
        let boundary = "columna-\(UUID().uuidString.lowercased())"
        contentType = "multipart/related; type=\"application/dicom\"; boundary=\"\(boundary)\""
        var pieces: [Piece] = []
        for (number, file) in files.enumerated() {
            let lineEnd = number == 0 ? "" : "\r\n"
            pieces.append(.bytes(Array("\(lineEnd)--\(boundary)\r\nContent-Type: application/dicom\r\n\r\n".utf8)))
            pieces.append(.file(file.url, byteCount: file.byteCount))
        }
        pieces.append(.bytes(Array("\r\n--\(boundary)--\r\n".utf8)))
        self.pieces = pieces
        byteCount = pieces.reduce(0) { $0 + $1.byteCount }
    }

    /// Fills what there is room for; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(DICOMwebError) -> Int {
        while index < pieces.count {
            let piece = pieces[index]
            let count = min(buffer.count, piece.byteCount - offset)
            guard count > 0 else {
                (index, offset, file) = (index + 1, 0, nil)
                continue
            }
            switch piece {
            case .bytes(let bytes): bytes[offset..<offset + count].withUnsafeBytes { buffer.copyMemory(from: $0) }
            case .file(let url, _): try copy(count, of: url, to: buffer)
            }
            offset += count
            return count
        }
        return 0
    }

    private func copy(_ count: Int, of url: URL, to buffer: UnsafeMutableRawBufferPointer) throws(DICOMwebError) {
        do {
            let opened = try file ?? FileHandle(forReadingFrom: url)
            file = opened
            guard let data = try opened.read(upToCount: count), data.count == count else {
                throw CocoaError(.fileReadCorruptFile)
            }
            data.withUnsafeBytes { buffer.copyMemory(from: $0) }
        } catch {
            throw DICOMwebError(.fileNotReadable, "a file became unreadable or shorter while it was sent")
        }
    }
}
