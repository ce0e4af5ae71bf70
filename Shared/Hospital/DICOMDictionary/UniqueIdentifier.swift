/// What names objects, studies, classes and encodings (PS3.5, 9).
package enum UniqueIdentifier {
    /// 1 to 64 digits and dots. More is not asked: archives hold identifiers with leading zeros and empty components, and
    /// who refuses those loses studies.
    package static func isValid(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
