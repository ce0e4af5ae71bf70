import Harness
import Messaging
import Studies

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafePointer<CInt>, _ words: UnsafeRawPointer) -> CInt {
    Harness.start(seeds: Seeds.write)
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Harness.run(UnsafeRawBufferPointer(start: bytes, count: count), Reader.read)
}

/// The body of a message at the intake queue.
private enum Reader {
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        _ = try IntakeDecoder.decode(
            body: [UInt8](input), routingKey: "study.submitted.hospital", MessageProperties(messageID: "m"))
    }
}
