import Files
import Testing

/// Files in place of others, as downloads, checkouts and exports leave them.
@Suite struct FileKindTests {
    @Test(arguments: [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", FileKind.gitLFSPointer),
        ("/annex/objects/MD5E-s70--d41d8cd98f00b204e9800998ecf8427e.nii.gz\n", .gitAnnexPointer),
        ("../../.git/annex/objects/x/Y/MD5E-s70--0/MD5E-s70--0.nii.gz", .gitAnnexPointer),
        ("<!DOCTYPE html>\n<html lang=\"en\">", .html), ("\u{FEFF}\r\n <HTML><body>", .html),
        ("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code>", .xml),
        ("{\"labels\": {}}", .json), ("\n [1, 2]", .json), ("hello, this is text", .text),
        ("NRRD0004\ntype: short\n", .nrrd),
        ("ObjectType = Image\nNDims = 3\n", .metaImage), ("%PDF-1.7", .pdf), ("", .empty),
    ])
    func textsAreNamed(_ text: String, _ kind: FileKind) {
        #expect(FileKind(Array(text.utf8)) == kind)
    }

    private static let signatures: [(bytes: [UInt8], kind: FileKind)] = [
        ([0x1F, 0x8B, 8, 0], .gzip), ([0x50, 0x4B, 3, 4], .zip), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .xz),
        ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg),
        ([0x80, 2, 0x7D, 0x71, 0], .pickle), ([0x80, 4, 0x95, 0, 0], .pickle), (zeros(100), .zeros),
        (safetensors, .safetensors),
        (zeros(128) + Array("DICM".utf8), .dicom), ([UInt8](repeating: 1, count: 257) + Array("ustar".utf8), .tar),
    ]
    private static let safetensors: [UInt8] = [2, 1, 0, 0, 0, 0, 0, 0] + Array("{\"a\":1}".utf8)
    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    @Test(arguments: signatures)
    func signaturesAreNamed(_ bytes: [UInt8], _ kind: FileKind) {
        #expect(FileKind(bytes) == kind)
    }

    @Test func aHeaderOf348BytesIsNIfTIByItsMagicOnly() {
        var header = [UInt8](repeating: 0, count: 352)
        header.replaceSubrange(0..<4, with: [0, 0, 1, 0x5C])
        #expect(FileKind(header) == .analyze)
        header.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
        #expect(FileKind(header) == .nifti)
    }

    @Test func whatIsNoneOfTheseIsNil() {
        #expect(FileKind([UInt8](repeating: 0xFF, count: 600)) == nil)
        #expect(FileKind([1, 2, 3]) == nil)
    }

    @Test func adviceGoesWithTheName() {
        #expect("\(FileKind.gitLFSPointer)" == "a pointer of Git LFS (`git lfs pull` fetches the file itself)")
        #expect("\(FileKind.gzip)" == "gzip (unpack it first)")
        #expect("\(FileKind.json)" == "JSON")
    }
}
