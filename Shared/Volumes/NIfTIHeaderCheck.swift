/// Looks at raw header bytes before libnifti does: the library prints to standard error or silently repairs what it
/// finds wrong, so nothing reaches it that has not passed here.
///
/// Field offsets are those of nifti1.h (348 bytes) and nifti2.h (540 bytes).
struct NIfTIHeaderCheck {
    static let byteCount = (version1: 348, version2: 540)

    let version: Int
    let isBigEndian: Bool
    /// Whether the magic bytes are those of a header whose voxels are in a file of their own.
    let isPair: Bool
    private let bytes: [UInt8]

    /// `bytes`: the first 540 bytes of the file, or fewer if it is shorter. Throws `notNIfTI`, `unsupported` or `truncated`.
    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        let version: Int
        guard bytes.count >= 4 else {
            throw VolumeError(.notNIfTI, "not a NIfTI file: it has \(bytes.count) bytes, a header needs 348")
        }
        let little = Int(Self.integer(bytes, 0, 4, bigEndian: false))
        let big = Int(Self.integer(bytes, 0, 4, bigEndian: true))
        switch (little, big) {
        case (348, _): (version, isBigEndian) = (1, false)
        case (_, 348): (version, isBigEndian) = (1, true)
        case (540, _): (version, isBigEndian) = (2, false)
        case (_, 540): (version, isBigEndian) = (2, true)
        default:
            throw VolumeError(.notNIfTI, "not a NIfTI file: its header size must be 348 or 540, got \(little)")
        }
        let needed = version == 1 ? Self.byteCount.version1 : Self.byteCount.version2
        guard bytes.count >= needed else {
            throw VolumeError(.truncated, "the NIfTI header is cut off: \(bytes.count) bytes of \(needed)")
        }
        self.version = version
        isPair = try Self.isPair(bytes, version: version)
    }

    /// Exactly the header, for libnifti.
    var headerBytes: [UInt8] {
        Array(bytes.prefix(version == 1 ? Self.byteCount.version1 : Self.byteCount.version2))
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
        let stated = Array(dimensions[1...rank])
        guard stated.allSatisfy({ $0 > 0 }) else {
            throw VolumeError(.invalidHeader, "every dimension must be positive, got \(stated)")
        }
        guard stated.dropFirst(3).allSatisfy({ $0 == 1 }) else {
            throw VolumeError(.unsupported, "the file must hold one volume, got dimensions \(stated)")
        }
        let size = (0..<3).map { $0 < stated.count ? stated[$0] : 1 }
        guard size.map(Double.init).reduce(1, *) <= Double(limits.maximumVoxels) else {
            throw VolumeError(
                .tooLarge, "the header states \(size.map(String.init).joined(separator: "×")) voxels, at most \(limits.maximumVoxels) are allowed")
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

    /// Where voxels begin; 0 is read as "right after the header", as other readers do, and as the start of a pair's own file of voxels.
    func checkedDataOffset() throws -> Int {
        let first = isPair ? 0 : version == 1 ? 352 : 544
        let offset = version == 1 ? Double(float32(108)) : Double(int64(168))
        if offset == 0 { return first }
        guard offset.isFinite, offset >= Double(first), offset <= Double(1 << 30), offset == offset.rounded() else {
            throw VolumeError(.invalidHeader, "the voxels' offset must be a whole number from \(first) to 2^30, got \(offset)")
        }
        return Int(offset)
    }

    /// pixdim[1…3] as they stand.
    var voxelSizes: [Double] {
        (1...3).map { version == 1 ? Double(float32(76 + 4 * $0)) : float64(104 + 8 * $0) }
    }

    /// Slope and intercept; a slope of 0 or not a number means no scaling.
    func checkedScaling() throws -> (slope: Double, intercept: Double) {
        let slope = version == 1 ? Double(float32(112)) : float64(176)
        let intercept = version == 1 ? Double(float32(116)) : float64(184)
        guard slope != 0, slope.isFinite else { return (1, 0) }
        guard intercept.isFinite else {
            throw VolumeError(.invalidHeader, "the scaling intercept must be a finite number, got \(intercept)")
        }
        return (slope, intercept)
    }

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
    private func int64(_ offset: Int) -> Int64 { Int64(bitPattern: integer(offset, 8)) }
    private func float32(_ offset: Int) -> Float { Float(bitPattern: UInt32(integer(offset, 4))) }
    private func float64(_ offset: Int) -> Double { Double(bitPattern: integer(offset, 8)) }
}
