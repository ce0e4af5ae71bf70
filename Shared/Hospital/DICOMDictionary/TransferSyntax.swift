/// How the bytes of an object are written (PS3.5, 10 and annex A): the table of what is read here.
///
/// Pixels are decoded by their own first bytes, whatever they are called; the table says what a name promises. One more
/// is a line here, and a codec that nothing here has is one more case where `CDICOM` tells codestreams apart.
package struct TransferSyntax: Sendable, Hashable {
    /// What decodes encapsulated pixels.
    package enum Codec: Sendable, Hashable {
        /// DCMTK's.
        case runLength, jpeg, jpegLS
        /// Our own for one component, else DCMTK's.
        case losslessJPEG
        /// OpenJPEG, high throughput too.
        case jpeg2000
        /// Nothing: the frames are as native ones, in fragments (PS3.5, A.4.11).
        case uncompressed
    }

    package let uid: String
    package let name: String
    /// Nil where pixels are native.
    package let codec: Codec?
    /// Whether pixels may have lost something.
    package let isLossy: Bool
    /// Whether the listener takes it and we ask for it.
    package let isOffered: Bool

    package var isEncapsulated: Bool { codec != nil }

    private init(
        _ uid: String, _ name: String, _ codec: Codec? = nil, isLossy: Bool = false, isOffered: Bool = true
    ) {
        self.uid = uid
        self.name = name
        self.codec = codec
        self.isLossy = isLossy
        self.isOffered = isOffered
    }

    package static let implicitLittleEndian = "1.2.840.10008.1.2"
    package static let explicitLittleEndian = "1.2.840.10008.1.2.1"

    /// In the order in which they are offered: what costs nothing to read first, what has lost something last.
    package static let all = [
        TransferSyntax(explicitLittleEndian, "explicit little endian"),
        TransferSyntax(implicitLittleEndian, "implicit little endian"),
        TransferSyntax("1.2.840.10008.1.2.2", "explicit big endian"),
        TransferSyntax("1.2.840.10008.1.2.1.99", "deflated explicit little endian"),
        TransferSyntax("1.2.840.10008.1.2.5", "RLE", .runLength),
        TransferSyntax("1.2.840.10008.1.2.4.70", "JPEG lossless, first-order prediction", .losslessJPEG),
        TransferSyntax("1.2.840.10008.1.2.4.57", "JPEG lossless, process 14", .losslessJPEG),
        TransferSyntax("1.2.840.10008.1.2.4.80", "JPEG-LS lossless", .jpegLS),
        TransferSyntax("1.2.840.10008.1.2.4.90", "JPEG 2000 lossless", .jpeg2000),
        TransferSyntax("1.2.840.10008.1.2.4.201", "high-throughput JPEG 2000 lossless", .jpeg2000),
        TransferSyntax(
            "1.2.840.10008.1.2.4.202", "high-throughput JPEG 2000 lossless, in order of resolution", .jpeg2000),
        TransferSyntax("1.2.840.10008.1.2.4.81", "JPEG-LS near-lossless", .jpegLS, isLossy: true),
        TransferSyntax("1.2.840.10008.1.2.4.91", "JPEG 2000", .jpeg2000, isLossy: true),
        TransferSyntax("1.2.840.10008.1.2.4.203", "high-throughput JPEG 2000", .jpeg2000, isLossy: true),
        TransferSyntax("1.2.840.10008.1.2.4.51", "JPEG extended", .jpeg, isLossy: true),
        TransferSyntax("1.2.840.10008.1.2.4.50", "JPEG baseline", .jpeg, isLossy: true),
        // Retired or rare: read from files, and nobody is encouraged to send them.
        TransferSyntax(
            "1.2.840.10008.1.2.1.98", "encapsulated uncompressed explicit little endian", .uncompressed,
            isOffered: false),
        TransferSyntax("1.2.840.10008.1.2.4.53", "JPEG spectral selection", .jpeg, isLossy: true, isOffered: false),
        TransferSyntax("1.2.840.10008.1.2.4.55", "JPEG progressive", .jpeg, isLossy: true, isOffered: false),
        TransferSyntax(
            "1.2.840.10008.1.2.4.92", "JPEG 2000 of several components, lossless", .jpeg2000, isOffered: false),
        TransferSyntax(
            "1.2.840.10008.1.2.4.93", "JPEG 2000 of several components", .jpeg2000, isLossy: true, isOffered: false),
        TransferSyntax(
            "1.2.840.113619.5.2", "implicit little endian with big-endian pixels (GE)", isOffered: false),
    ]

    /// The identifiers of those that are offered, in that order.
    package static let offered = all.filter(\.isOffered).map(\.uid)

    /// Nil for what is not read here.
    package init?(uid: String) {
        guard let known = Self.all.first(where: { $0.uid == uid }) else { return nil }
        self = known
    }
}

extension TransferSyntax: CustomStringConvertible {
    package var description: String { "\(name) (\(uid))" }
}
