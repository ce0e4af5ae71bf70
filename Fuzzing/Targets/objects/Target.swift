import DICOMObjects
import Foundation
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

private enum Reader {
    private static let file = InputFile("object")
    /// DCMTK's tree takes some 500 bytes for an element of 8.
    private static let tree = 64
    /// Left out: where it inflates, DCMTK asks for as much memory as an element states before it finds that there are not so many bytes.
    /// That memory is never written to, but counts here.
    private static let deflatedSyntax = Array("1.2.840.10008.1.2.1.99".utf8)

    /// A whole object with all its attributes, as de-identification and segmentations read it.
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        guard !input.contains(deflatedSyntax) else { return }
        file.fill(input)
        plausible = tree * input.count
        let object = try DICOMObject(file: file.url)
        visit(object.meta)
        visit(object.dataset)
    }

    private static func visit(_ item: DICOMObject.Item) {
        for entry in item.entries {
            _ = item.numbers(entry.tag)
            _ = item.bytes(entry.tag)
            item.items(entry.tag).forEach(visit)
        }
    }
}
