import Archives
package import Foundation
package import TensorCore

extension PyTorchFile {
    /// A file that `torch.load(weights_only=True)` reads. The same content gives the same bytes.
    /// - Parameter storages: what the items' tensors refer to.
    /// - Throws: `unsupported` above four gigabytes.
    package static func serialized(_ root: PickleItem, storages: [Tensor]) throws -> Data {
        var archive = ZipWriter()
        var pickle = PickleWriter(storages: storages)
        try archive.put("archive/data.pkl", pickle.write(root))
        try archive.put("archive/byteorder", Data("little".utf8))
        for (index, tensor) in storages.enumerated() {
            try archive.put("archive/data/\(index)", tensor.withUnsafeBufferPointer { Data(buffer: $0) })
        }
        try archive.put("archive/version", Data("3\n".utf8))
        return archive.finished()
    }

    /// A bare state dict, as `torch.save(model.state_dict(), …)` makes it.
    package static func serialized(_ tensors: [(name: String, tensor: Tensor)]) throws -> Data {
        try serialized(
            .tensors(tensors.enumerated().map { (name: $1.name, storage: $0) }), storages: tensors.map(\.tensor))
    }
}
