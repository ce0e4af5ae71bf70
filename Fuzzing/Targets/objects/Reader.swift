import DICOMObjects
import Foundation
import Harness

enum Reader {
    private static let file = InputFile("object")
    /// DCMTK's tree takes some 500 bytes for an element of 8.
    private static let tree = 64
    /// What a deflated dataset may become before it is refused, and the copies while it grows.
    private static let deflated = 3 * 64 << 20
    private static let deflatedSyntax = Array("1.2.840.10008.1.2.1.99".utf8)

    /// A whole object with all its attributes, as de-identification and segmentations read it.
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        file.fill(input)
        plausible = tree * input.count + (input.contains(deflatedSyntax) ? tree * deflated : 0)
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
