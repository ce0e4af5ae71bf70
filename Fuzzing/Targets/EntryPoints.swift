// What libFuzzer calls. Every target has a link to this file beside its own `Reader` and `Seeds`: the names must be in
// the executable itself, and which reader they mean is known when it is built.
import Harness

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafePointer<CInt>, _ words: UnsafeRawPointer) -> CInt {
    Harness.start(seeds: Seeds.write)
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Harness.run(UnsafeRawBufferPointer(start: bytes, count: count), Reader.read)
}
