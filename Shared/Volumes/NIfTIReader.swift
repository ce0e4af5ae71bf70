/// Reads one file: header, then voxels in pieces, so that no more than the header states is ever decompressed.
struct NIfTIReader {
    let header: NIfTIHeader
    private let source: ByteSource
    /// Bytes of the file read to decode the header; voxels may begin within them.
    private let start: [UInt8]

    /// Padding behind the last voxel that is let pass.
    private static let tolerableTrailingBytes = 4096
    /// A multiple of every voxel size.
    private static let pieceByteCount = 1 << 20

    init(path: String, limits: ReadLimits) throws {
        let source = try ByteSource(path: path)
        var start = [UInt8](repeating: 0, count: NIfTIHeaderCheck.byteCount.version2)
        let count = try start.withUnsafeMutableBytes { try source.read(into: $0) }
        start.removeLast(start.count - count)
        header = try NIfTILibrary.header(from: start, limits: limits)
        (self.source, self.start) = (source, start)
    }

    /// All values, scaled. Throws `nonFiniteVoxels`.
    func image() throws -> Volume<Float> {
        var count = 0
        var first: Int?
        let voxels = try decoded { (value: Double, position: Int) -> Float in
            let result = Float(value)
            if !result.isFinite {
                count += 1
                if first == nil { first = position }
            }
            return result
        }
        if let first {
            throw VolumeError(
                .nonFiniteVoxels,
                "\(count) of \(voxels.count) voxels are NaN or infinite, the first at (i, j, k) = \(index(first)); expected finite values")
        }
        return Volume(geometry: header.geometry, voxels: voxels)
    }

    /// All values, scaled. Throws `labelsNotIntegers`.
    func labels() throws -> Volume<UInt8> {
        var count = 0
        var first: (position: Int, value: Double)?
        let voxels = try decoded { (value: Double, position: Int) -> UInt8 in
            if let label = UInt8(exactly: value) { return label }
            count += 1
            if first == nil { first = (position, value) }
            return 0
        }
        if let first {
            throw VolumeError(
                .labelsNotIntegers,
                "\(count) of \(voxels.count) voxels are no labels, the first is \(first.value) at (i, j, k) = \(index(first.position)); "
                    + "expected whole numbers from 0 to 255")
        }
        return Volume(geometry: header.geometry, voxels: voxels)
    }

    private func index(_ position: Int) -> String {
        let size = header.geometry.size
        return "(\(position % size[0]), \(position / size[0] % size[1]), \(position / (size[0] * size[1])))"
    }

    // MARK: - Pieces

    private func decoded<Voxel: BitwiseCopyable>(_ convert: (Double, Int) -> Voxel) throws -> [Voxel] {
        switch header.voxelType {
        case .uint8: try decoded(UInt8.self, { Double($0) }, convert)
        case .int8: try decoded(UInt8.self, { Double(Int8(bitPattern: $0)) }, convert)
        case .int16: try decoded(UInt16.self, { Double(Int16(bitPattern: $0)) }, convert)
        case .uint16: try decoded(UInt16.self, { Double($0) }, convert)
        case .int32: try decoded(UInt32.self, { Double(Int32(bitPattern: $0)) }, convert)
        case .uint32: try decoded(UInt32.self, { Double($0) }, convert)
        case .float32: try decoded(UInt32.self, { Double(Float(bitPattern: $0)) }, convert)
        case .int64: try decoded(UInt64.self, { Double(Int64(bitPattern: $0)) }, convert)
        case .uint64: try decoded(UInt64.self, { Double($0) }, convert)
        case .float64: try decoded(UInt64.self, { Double(bitPattern: $0) }, convert)
        }
    }

    @inline(__always)
    private func decoded<Stored: FixedWidthInteger & BitwiseCopyable, Voxel: BitwiseCopyable>(
        _: Stored.Type, _ value: (Stored) -> Double, _ convert: (Double, Int) -> Voxel
    ) throws -> [Voxel] {
        let (isSwapped, slope, intercept, isScaled) = (header.isBigEndian, header.slope, header.intercept, header.isScaled)
        try refuteLength()
        return try [Voxel](unsafeUninitializedCapacity: header.geometry.voxelCount) { voxels, count in
            try forEachPiece { bytes in
                let piece = bytes.bindMemory(to: Stored.self)
                for stored in piece {
                    let number = value(isSwapped ? stored.byteSwapped : stored)
                    voxels[count] = convert(isScaled ? number * slope + intercept : number, count)
                    count += 1
                }
            }
        }
    }

    /// Before memory is taken: can a file of this length hold what the header states?
    private func refuteLength() throws {
        let needed = header.dataOffset + header.dataByteCount
        guard needed <= source.largestPossibleByteCount else {
            throw VolumeError(
                .truncated,
                "the file is cut off: \(source.fileByteCount) bytes\(source.isCompressed ? " of gzip" : "") cannot hold "
                    + "the \(needed) bytes its header states")
        }
    }

    private func truncated(at count: Int) -> VolumeError {
        let needed = header.dataOffset + header.dataByteCount
        return VolumeError(
            .truncated,
            "the file is cut off: it has \(count) bytes\(source.isCompressed ? " after decompression" : ""), its header states \(needed)")
    }

    private func forEachPiece(_ body: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceByteCount, alignment: 16)
        defer { piece.deallocate() }
        let early = try skipToData()
        var left = header.dataByteCount
        var carried = early
        while left > 0 {
            let wanted = min(left, piece.count)
            let target = UnsafeMutableRawBufferPointer(rebasing: piece[..<wanted])
            let taken = min(carried.count, wanted)
            target.copyBytes(from: carried.prefix(taken))
            carried.removeFirst(taken)
            let count = try taken + source.read(into: UnsafeMutableRawBufferPointer(rebasing: target[taken...]))
            guard count == wanted else {
                throw truncated(at: header.dataOffset + header.dataByteCount - left + count)
            }
            try body(target)
            left -= wanted
        }
        try checkEnd(piece, carried.count)
    }

    /// Moves to the first voxel; returns voxel bytes that were read together with the header.
    private func skipToData() throws -> [UInt8] {
        if header.dataOffset <= start.count { return Array(start[header.dataOffset...]) }
        var left = header.dataOffset - start.count
        var skipped = [UInt8](repeating: 0, count: min(left, 1 << 16))
        while left > 0 {
            let count = try skipped.withUnsafeMutableBytes {
                try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<min(left, $0.count)]))
            }
            guard count > 0 else { throw truncated(at: header.dataOffset - left) }
            left -= count
        }
        return []
    }

    /// Reading on to the end also makes zlib verify the checksum of the stream.
    private func checkEnd(_ buffer: UnsafeMutableRawBufferPointer, _ carried: Int) throws {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[...Self.tolerableTrailingBytes])
        guard try carried + source.read(into: rest) <= Self.tolerableTrailingBytes else {
            throw VolumeError(
                .longerThanHeaderStates,
                "the file goes on after the \(header.dataOffset + header.dataByteCount) bytes its header states; reading stopped")
        }
    }
}
