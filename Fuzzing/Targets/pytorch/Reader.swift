import Foundation
import PyTorchFiles

/// A file of `torch.save`, the zip archive or the older one: the pickle, then every tensor of its state dict.
enum Reader {
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        let file = try PyTorchFile(data: Data(input))
        _ = try StateDictionary(file).tensors()
    }
}
