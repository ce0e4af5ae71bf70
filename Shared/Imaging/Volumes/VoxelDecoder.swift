/// Turns stored voxels into numbers, a piece at a time. A value; any thread may use it.
struct VoxelDecoder: Sendable {
    let type: NIfTIVoxelType
    /// Whether the bytes of a number come in the other order than this machine's.
    let isSwapped: Bool
    let slope: Double
    let intercept: Double

    init(_ header: NIfTIHeader) {
        type = header.voxelType
        isSwapped = header.isBigEndian != (1.bigEndian == 1)
        (slope, intercept) = (header.slope, header.intercept)
    }

    private var isScaled: Bool { slope != 1 || intercept != 0 }

    /// Whether the stored bytes are those of `[Float]`.
    var isFloatAlready: Bool { type == .float32 && !isSwapped && !isScaled }
    /// Whether the stored bytes are those of `[UInt8]`.
    var isByteAlready: Bool { type == .uint8 && !isScaled }

    /// Writes as many numbers as `bytes` holds: stored · slope + intercept in double precision, rounded once.
    func decode(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<Float>) {
        switch type {
        // Exact in single precision, and four times as fast.
        case .uint8 where !isScaled: run(bytes, as: UInt8.self) { target[$0] = Float($1) }
        case .int8 where !isScaled: run(bytes, as: Int8.self) { target[$0] = Float($1) }
        case .int16 where !isScaled: run(bytes, as: Int16.self) { target[$0] = Float($1) }
        case .uint16 where !isScaled: run(bytes, as: UInt16.self) { target[$0] = Float($1) }
        case .float32 where !isScaled: run(bytes, as: UInt32.self) { target[$0] = Float(bitPattern: $1) }
        default: forEach(bytes) { target[$0] = Float($1) }
        }
    }

    /// Writes as many labels as `bytes` holds, 0 where the number is none.
    /// - Returns: how many are none, and the first of them with its place.
    func decodeLabels(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>) -> (
        count: Int, first: (place: Int, value: Double)?
    ) {
        var count = 0
        var first: (place: Int, value: Double)?
        let rounding = LabelRounding(type, slope: slope)
        forEach(bytes) { place, value in
            if let label = rounding.label(value) {
                target[place] = label
            } else {
                target[place] = 0
                count += 1
                if first == nil { first = (place, value) }
            }
        }
        return (count, first)
    }

    @inline(__always)
    private func forEach(_ bytes: UnsafeRawBufferPointer, _ body: (Int, Double) -> Void) {
        let (slope, intercept) = (slope, intercept)
        if isScaled {
            forEachStored(bytes) { body($0, $1 * slope + intercept) }
        } else {
            forEachStored(bytes, body)
        }
    }

    @inline(__always)
    private func forEachStored(_ bytes: UnsafeRawBufferPointer, _ body: (Int, Double) -> Void) {
        switch type {
        case .uint8: run(bytes, as: UInt8.self) { body($0, Double($1)) }
        case .int8: run(bytes, as: Int8.self) { body($0, Double($1)) }
        case .int16: run(bytes, as: Int16.self) { body($0, Double($1)) }
        case .uint16: run(bytes, as: UInt16.self) { body($0, Double($1)) }
        case .int32: run(bytes, as: Int32.self) { body($0, Double($1)) }
        case .uint32: run(bytes, as: UInt32.self) { body($0, Double($1)) }
        case .int64: run(bytes, as: Int64.self) { body($0, Double($1)) }
        case .uint64: run(bytes, as: UInt64.self) { body($0, Double($1)) }
        case .float32: run(bytes, as: UInt32.self) { body($0, Double(Float(bitPattern: $1))) }
        case .float64: run(bytes, as: UInt64.self) { body($0, Double(bitPattern: $1)) }
        }
    }

    @inline(__always)
    private func run<Stored: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, as _: Stored.Type, _ body: (Int, Stored) -> Void
    ) {
        let stored = bytes.bindMemory(to: Stored.self)
        if isSwapped {
            for place in 0..<stored.count { body(place, stored[place].byteSwapped) }
        } else {
            for place in 0..<stored.count { body(place, stored[place]) }
        }
    }
}
