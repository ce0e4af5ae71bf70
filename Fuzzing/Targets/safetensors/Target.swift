import Foundation
import Harness
import TensorCore

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafePointer<CInt>, _ words: UnsafeRawPointer) -> CInt {
    Harness.start(seeds: Seeds.write)
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Harness.run(UnsafeRawBufferPointer(start: bytes, count: count), Reader.read)
}

/// A file of tensors: the header, then every tensor.
private enum Reader {
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        let file = try Safetensors(data: Data(input))
        for name in file.names { _ = try file.tensor(name) }
    }
}
