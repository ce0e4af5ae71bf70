import Faults
import Files
package import Foundation

extension Safetensors {
    /// The file's bytes for tensors in the given order. The same tensors, order and metadata give the same bytes.
    ///
    /// The header is padded with spaces so that the data begin on a multiple of 8, as the format asks.
    package static func serialized(
        _ tensors: [(name: String, tensor: Tensor)], as precision: StoredPrecision = .float32,
        metadata: [String: String] = [:]
    ) -> Data {
        var header = "{"
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            header += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
        }
        var offset = 0
        for (name, tensor) in tensors {
            let end = offset + tensor.count * precision.elementType.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            if header.utf8.count > 1 { header += "," }
            header +=
                "\(quoted(name)):{\"dtype\":\"\(precision.elementType.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
            offset = end
        }
        header += "}"
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)

        var data = Data(capacity: 8 + header.utf8.count + offset)
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: header.utf8)
        for (_, tensor) in tensors { tensor.withUnsafeBufferPointer { precision.append($0, to: &data) } }
        return data
    }

    /// Writes the bytes so that `url` holds either what it held before or all of them.
    ///
    /// Throws `inputOutput`.
    package static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL
    ) throws {
        let bytes = serialized(tensors, metadata: metadata)
        do {
            try WholeFile.write(to: url.path) { file in try bytes.withUnsafeBytes { try file.write($0) } }
        } catch let failure as SystemFailure {
            throw TensorError(.inputOutput, "the tensor file cannot be written: \(failure.reason)")
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<" ":
                result +=
                    "\\u" + String(repeating: "0", count: scalar.value < 16 ? 3 : 2) + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
