import Foundation

/// What the header of a DICOM file (PS3.10 7.1) says of the object in it.
struct FileHeader: Sendable {
    var sopClassUID: String
    var sopInstanceUID: String
    var byteCount: Int

    /// - Throws: `DICOMwebError`: `fileNotReadable`, `notDICOM`.
    init(ofFileAt url: URL) throws(DICOMwebError) {
        let bytes: [UInt8]
        do {
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            bytes = Array(try file.read(upToCount: 8192) ?? Data())
            byteCount = Int(try file.seekToEnd())
        } catch {
            throw DICOMwebError(
                .fileNotReadable, "a file to send cannot be read: check that it exists and its permissions")
        }
        guard bytes.count > 132, bytes[128..<132].elementsEqual("DICM".utf8) else { throw Self.damaged }
        var found: [UInt16: String] = [:]
        var position = 132
        func number(_ at: Int, _ size: Int) -> Int { (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        // Explicit little endian; OB and UN have longer lengths.
        while bytes.count - position >= 12, number(position, 2) == 2 {
            let element = UInt16(number(position + 2, 2))
            let representation = String(decoding: bytes[position + 4..<position + 6], as: UTF8.self)
            let isLong = representation == "OB" || representation == "UN"
            let length = isLong ? number(position + 8, 4) : number(position + 6, 2)
            position += isLong ? 12 : 8
            guard length <= bytes.count - position else { throw Self.damaged }
            if representation == "UI" {
                found[element] = String(
                    decoding: bytes[position..<position + length].filter { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
            }
            position += length
        }
        guard let sopClass = found[2], let instance = found[3], DICOMwebClient.isUID(sopClass),
            DICOMwebClient.isUID(instance)
        else { throw Self.damaged }
        sopClassUID = sopClass
        sopInstanceUID = instance
    }

    private static let damaged = DICOMwebError(.notDICOM, "a file to send has no DICOM file header")
}
