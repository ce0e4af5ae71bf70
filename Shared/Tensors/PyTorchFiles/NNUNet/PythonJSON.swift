import Faults
import Files
import Foundation

/// JSON as Python's `json.dump` writes it: with NaN and Infinity for numbers that are none, which become null here.
/// nnU-Net and MONAI read such files, and statistics of empty data are in them.
enum PythonJSON {
    /// - Parameters:
    ///   - name: the file's, for messages.
    ///   - owner: whose file it should be.
    /// - Throws: `malformedSettings` saying what the file is instead.
    static func object(_ data: Data, name: String, owner: String) throws -> [String: Any] {
        guard let object = try? JSONSerialization.jsonObject(with: withoutNaN(data)) as? [String: Any] else {
            let kind = FileKind([UInt8](data.prefix(FileKind.byteCount)))
            let isReadable = [.json, .text, nil].contains(kind)
            throw PyTorchFileError(
                .malformedSettings,
                "\(name) is not \(owner)'s: one JSON object is expected\(isReadable ? "" : ", this is \(PyTorchFile.kind(data))")"
            )
        }
        return object
    }

    /// Words outside of texts; a mark of UTF-8 before the text is left out.
    private static func withoutNaN(_ data: Data) -> Data {
        let bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? [UInt8](data.dropFirst(3)) : [UInt8](data)
        let words = ["-Infinity", "Infinity", "NaN"].map { [UInt8]($0.utf8) }
        guard bytes.contains(UInt8(ascii: "N")) || bytes.contains(UInt8(ascii: "I")) else { return Data(bytes) }
        var (result, position, isInText) = ([UInt8](), 0, false)
        result.reserveCapacity(bytes.count)
        while position < bytes.count {
            let byte = bytes[position]
            if isInText, byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
                result += bytes[position...position + 1]
                position += 2
            } else if !isInText, let word = words.first(where: { bytes[position...].starts(with: $0) }) {
                result += Array("null".utf8)
                position += word.count
            } else {
                if byte == UInt8(ascii: "\"") { isInText.toggle() }
                result.append(byte)
                position += 1
            }
        }
        return Data(result)
    }
}
