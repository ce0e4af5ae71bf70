import Foundation
import Harness
import Plans

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafePointer<CInt>, _ words: UnsafeRawPointer) -> CInt {
    Harness.start(seeds: Seeds.write)
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    Harness.run(UnsafeRawBufferPointer(start: bytes, count: count), Reader.read)
}

/// The plan of a model, which travels as JSON in the model's file.
private enum Reader {
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        let plan = try Plan(json: Data(input))
        // What was read must be written and read again as the same plan.
        guard try Plan(json: plan.json()) == plan else { Harness.stop("a plan changed by being written and read") }
    }
}
