import Faults
import Files

/// Reads the fields of a header and says what is wrong with them. libnifti, which reads headers too, prints to standard
/// error or silently repairs what it finds wrong (a matrix's NaN becomes 0), so it gets single numbers only that have
/// passed here.
///
/// Field offsets are those of nifti1.h (348 bytes) and nifti2.h (540 bytes).
struct NIfTIHeaderCheck {
    static let byteCount = (version1: 348, version2: 540)

    let version: Int
    let isBigEndian: Bool
    /// Whether the magic bytes are those of a header whose voxels are in a file of their own.
    let isPair: Bool
    private let bytes: [UInt8]

    /// `bytes`: the first 540 bytes of the file, or fewer if it is shorter. Throws `notNIfTI`, `unsupported` or
    /// `truncated`.
    ///
    /// - Parameter isCompressed: whether they were unpacked from gzip.
    init(_ bytes: [UInt8], isCompressed: Bool = false) throws {
        self.bytes = bytes
        let version: Int
        func stranger(_ lack: String) -> VolumeError {
            let kind = FileKind(bytes).map { " but \(isCompressed ? "gzip of " : "")\($0)" }
            return VolumeError(.notNIfTI, "not a NIfTI file\(kind ?? ": " + lack)")
        }
        guard bytes.count >= 4 else { throw stranger("it has \(bytes.count) bytes, a header needs 348") }
        let little = Int(Self.integer(bytes, 0, 4, bigEndian: false))
        let big = Int(Self.integer(bytes, 0, 4, bigEndian: true))
        switch (little, big) {
        case (348, _): (version, isBigEndian) = (1, false)
        case (_, 348): (version, isBigEndian) = (1, true)
        case (540, _): (version, isBigEndian) = (2, false)
        case (_, 540): (version, isBigEndian) = (2, true)
        default:
            throw stranger("its header size must be 348 or 540, got \(little)")
        }
        let needed = version == 1 ? Self.byteCount.version1 : Self.byteCount.version2
        guard bytes.count >= needed else {
            throw VolumeError(.truncated, "the NIfTI header is cut off: \(bytes.count) bytes of \(needed)")
        }
        self.version = version
        guard FileKind(bytes) != .analyze else { throw stranger("") }
        isPair = try Self.isPair(bytes, version: version)
    }

    /// "n+1" or "ni1" (version 1), "n+2" or "ni2" and four bytes that text conversions would spoil (version 2).
    private static func isPair(_ bytes: [UInt8], version: Int) throws -> Bool {
        let magic = version == 1 ? Array(bytes[344..<348]) : Array(bytes[4..<12])
        let digit = UInt8(0x30 + version)
        let tail: [UInt8] = version == 1 ? [digit, 0] : [digit, 0, 0x0D, 0x0A, 0x1A, 0x0A]
        if magic == [0x6E, 0x2B] + tail { return false }
        if magic == [0x6E, 0x69] + tail { return true }
        throw VolumeError(
            .notNIfTI, "not a NIfTI-\(version) file: its magic bytes are \(magic), expected \([0x6E, 0x2B] + tail)")
    }

    /// The three sizes. Throws if the file has other than one volume, or more voxels than allowed.
    func checkedSize(_ limits: ReadLimits) throws -> [Int] {
        let dimensions = (0..<8).map { version == 1 ? Int(int16(40 + 2 * $0)) : Int(int64(16 + 8 * $0)) }
        let rank = dimensions[0]
        guard (1...7).contains(rank) else {
            throw VolumeError(.invalidHeader, "the number of dimensions must be 1 to 7, got \(rank)")
        }
        // Some programs count dimensions that they leave 0; the file's length tells whether there is more than one
        // volume.
        let stated = dimensions[1...rank].enumerated().map { $0.offset > 2 && $0.element == 0 ? 1 : $0.element }
        guard stated.allSatisfy({ $0 > 0 }) else {
            throw VolumeError(.invalidHeader, "every dimension must be positive, got \(stated)")
        }
        guard stated.dropFirst(3).allSatisfy({ $0 == 1 }) else {
            throw VolumeError(.unsupported, "the file must hold one volume, got dimensions \(stated)")
        }
        let size = (0..<3).map { $0 < stated.count ? stated[$0] : 1 }
        guard size.map(Double.init).reduce(1, *) <= Double(limits.maximumVoxels) else {
            throw VolumeError(
                .tooLarge,
                "the header states \(size.map(String.init).joined(separator: "×")) voxels, at most \(limits.maximumVoxels) are allowed"
            )
        }
        return size
    }

    func checkedVoxelType() throws -> NIfTIVoxelType {
        let code = Int(version == 1 ? int16(70) : int16(12))
        guard let type = NIfTIVoxelType(rawValue: code) else {
            throw VolumeError(
                .unsupported,
                "voxels of type \(code) (\(NIfTIVoxelType.nameOfRefused(code))) are not supported; expected integers or floating point numbers"
            )
        }
        return type
    }

    /// Where voxels begin; 0 is read as "right after the header", as other readers do, and as the start of a pair's own
    /// file of voxels.
    func checkedDataOffset() throws -> Int {
        let first = isPair ? 0 : version == 1 ? 352 : 544
        let offset = version == 1 ? Double(float32(108)) : Double(int64(168))
        if offset == 0 { return first }
        guard offset.isFinite, offset >= Double(first), offset <= Double(1 << 30), offset == offset.rounded() else {
            throw VolumeError(
                .invalidHeader, "the voxels' offset must be a whole number from \(first) to 2^30, got \(offset)")
        }
        return Int(offset)
    }

    /// Slope and intercept, and what must be said of them. A slope of 0 or not a number means no scaling, whatever the
    /// intercept.
    func checkedScaling() throws -> (slope: Double, intercept: Double, remark: String?) {
        let slope = version == 1 ? Double(float32(112)) : float64(176)
        let intercept = version == 1 ? Double(float32(116)) : float64(184)
        guard slope != 0, slope.isFinite else {
            let isPlain = slope == 0 && (intercept == 0 || !intercept.isFinite)
            return (
                1, 0,
                isPlain
                    ? nil
                    : "the scaling's slope is \(slope), which means none: values are as stored, without the intercept of \(intercept)"
            )
        }
        guard intercept.isFinite else {
            throw VolumeError(.invalidHeader, "the scaling intercept must be a finite number, got \(intercept)")
        }
        return (slope, intercept, nil)
    }

    // MARK: - Place

    /// pixdim[0…3] as they stand.
    var pixelDimensions: [Double] {
        (0...3).map { version == 1 ? Double(float32(76 + 4 * $0)) : float64(104 + 8 * $0) }
    }

    /// Codes above 0 say that the map is set.
    var formCodes: (qform: Int, sform: Int) {
        version == 1 ? (Int(int16(252)), Int(int16(254))) : (Int(int32(344)), Int(int32(348)))
    }

    /// The quaternion's b, c, d and the offset's x, y, z.
    var quaternionAndOffset: [Double] {
        (0..<6).map { version == 1 ? Double(float32(256 + 4 * $0)) : float64(352 + 8 * $0) }
    }

    /// Three rows of four.
    var sformRows: [[Double]] {
        (0..<3).map { row in
            (0..<4).map { version == 1 ? Double(float32(280 + 16 * row + 4 * $0)) : float64(400 + 32 * row + 8 * $0) }
        }
    }

    /// xyzt_units: the three lowest bits are those of space.
    var spaceUnit: Int { (version == 1 ? Int(bytes[123]) : Int(int32(500))) & 7 }

    /// The text of `descrip` (80 bytes) up to its first 0.
    var text: String {
        let offset = version == 1 ? 148 : 240
        return String(decoding: bytes[offset..<offset + Self.textByteCount].prefix { $0 != 0 }, as: UTF8.self)
    }

    static let textByteCount = 80

    // MARK: - Fields

    private static func integer(_ bytes: [UInt8], _ offset: Int, _ count: Int, bigEndian: Bool) -> UInt64 {
        (0..<count).reduce(0) { value, position in
            value << 8 | UInt64(bytes[offset + (bigEndian ? position : count - 1 - position)])
        }
    }

    private func integer(_ offset: Int, _ count: Int) -> UInt64 {
        Self.integer(bytes, offset, count, bigEndian: isBigEndian)
    }

    private func int16(_ offset: Int) -> Int16 { Int16(bitPattern: UInt16(integer(offset, 2))) }
    private func int32(_ offset: Int) -> Int32 { Int32(bitPattern: UInt32(integer(offset, 4))) }
    private func int64(_ offset: Int) -> Int64 { Int64(bitPattern: integer(offset, 8)) }
    private func float32(_ offset: Int) -> Float { Float(bitPattern: UInt32(integer(offset, 4))) }
    private func float64(_ offset: Int) -> Double { Double(bitPattern: integer(offset, 8)) }
}
