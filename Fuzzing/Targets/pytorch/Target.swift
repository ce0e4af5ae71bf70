import Foundation
import Harness
import PyTorchFiles

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafePointer<CInt>, _ words: UnsafeRawPointer) -> CInt {
    Harness.start(seeds: Seeds.write)
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Harness.run(UnsafeRawBufferPointer(start: bytes, count: count), Reader.read)
}

/// A file of `torch.save`, the zip archive or the older one: the pickle, then every tensor of its state dict.
private enum Reader {
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        let file = try PyTorchFile(data: Data(input))
        _ = try StateDictionary(file).tensors()
    }
}
