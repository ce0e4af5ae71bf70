import Faults
import Foundation
import Synchronization
import Threads

/// Reads one file, or a pair of header and voxels: the header first, then voxels in pieces, so that no more than the
/// header states is ever decompressed and nothing but the result is ever held whole.
struct NIfTIReader {
    let header: NIfTIHeader
    private let source: ByteSource
    /// What of the voxels' file was read to decode the header; voxels may begin within it.
    private let start: [UInt8]

    /// Padding behind the last voxel that is let pass.
    private static let tolerableTrailingBytes = 4096
    /// A multiple of every voxel size; small enough to be in the cache when it is converted.
    private static let pieceByteCount = 1 << 18

    init(path: String, limits: ReadLimits) throws {
        let paths = NIfTIPaths(path)
        let source = try ByteSource(path: paths.header)
        var start = [UInt8](repeating: 0, count: NIfTIHeaderCheck.byteCount.version2)
        let count = try start.withUnsafeMutableBytes { try source.read(into: $0) }
        start.removeLast(start.count - count)
        header = try NIfTILibrary.header(from: start, isCompressed: source.isCompressed, limits: limits)
        guard header.isPair else {
            (self.source, self.start) = (source, start)
            return
        }
        guard let voxels = paths.voxels else {
            throw VolumeError(
                .unsupported,
                "the header belongs to a pair of files, but this one's name does not end in .hdr, so that the voxels' file cannot be told",
                path: path)
        }
        do {
            (self.source, self.start) = (try ByteSource(path: voxels), [])
        } catch let error as VolumeError where error.code == .fileMissing {
            throw VolumeError(
                .fileMissing, "the header belongs to a pair of files, but there is no .img file beside it", path: path)
        }
    }

    /// All values, scaled. Throws `nonFiniteVoxels`.
    func image() throws -> Volume<Float> {
        let decoder = VoxelDecoder(header)
        let faults = Mutex(VoxelFaults())
        let voxels = try voxels(areStoredSo: decoder.isFloatAlready) { bytes, target, position in
            if !decoder.isFloatAlready { decoder.decode(bytes, to: target) }
            let values = UnsafeBufferPointer(start: target, count: bytes.count / decoder.type.byteCount)
            let found = VoxelFaults.nonFinite(values.span, from: position)
            if found.count > 0 { faults.withLock { $0.add(found.count, first: found.first) } }
        }
        let found = faults.withLock { $0 }
        if let first = found.first {
            throw VolumeError(
                .nonFiniteVoxels,
                "\(found.count) of \(voxels.count) voxels are NaN or infinite, the first at (i, j, k) = \(index(first.position)); expected finite values"
            )
        }
        return Volume(geometry: header.geometry, voxels: voxels)
    }

    /// All values, scaled. Throws `labelsNotIntegers`.
    func labels() throws -> Volume<UInt8> {
        let decoder = VoxelDecoder(header)
        let faults = Mutex(VoxelFaults())
        let voxels = try voxels(areStoredSo: decoder.isByteAlready) { bytes, target, position in
            if decoder.isByteAlready { return }
            let found = decoder.decodeLabels(bytes, to: target)
            guard let first = found.first else { return }
            faults.withLock { $0.add(found.count, first: (position + first.place, first.value)) }
        }
        let found = faults.withLock { $0 }
        if let first = found.first {
            throw VolumeError(
                .labelsNotIntegers,
                "\(found.count) of \(voxels.count) voxels are no labels, the first is \(first.value) at (i, j, k) = \(index(first.position)); "
                    + "expected whole numbers from 0 to 255")
        }
        return Volume(geometry: header.geometry, voxels: voxels)
    }

    /// The stored bits of all voxels, as words of this machine's byte order; neither scaled nor looked at.
    /// - Precondition: a word is as large as a voxel.
    func words<Word: FixedWidthInteger & BitwiseCopyable & Sendable>(of _: Word.Type) throws -> [Word] {
        precondition(
            MemoryLayout<Word>.size == header.voxelType.byteCount, "words of \(Word.bitWidth) bits are not the voxels'")
        let isSwapped = VoxelDecoder(header).isSwapped
        return try voxels(areStoredSo: true) { bytes, target, _ in
            guard isSwapped else { return }
            for place in 0..<bytes.count / MemoryLayout<Word>.size { target[place] = target[place].byteSwapped }
        }
    }

    private func index(_ position: Int) -> String {
        let size = header.geometry.size
        return "(\(position % size[0]), \(position / size[0] % size[1]), \(position / (size[0] * size[1])))"
    }

    // MARK: - Pieces

    /// A piece of the stored bytes, where its numbers belong, and the first one's place in the volume.
    private typealias Convert<Voxel> = @Sendable (UnsafeRawBufferPointer, UnsafeMutablePointer<Voxel>, Int) -> Void

    /// - Parameter areStoredSo: the pieces are read to where they belong, and `convert` finds them there.
    private func voxels<Voxel: BitwiseCopyable>(areStoredSo: Bool, _ convert: Convert<Voxel>) throws -> [Voxel] {
        try refuteLength()
        let voxels = try [Voxel](unsafeUninitializedCapacity: header.geometry.voxelCount) { voxels, count in
            let target = SharedPointer(voxels)
            if source.isCompressed {
                try readInOrder(to: target, areStoredSo, convert)
            } else {
                try readInParallel(to: target, areStoredSo, convert)
            }
            count = header.geometry.voxelCount
        }
        try source.file.requireUnchanged()
        return voxels
    }

    private func readInParallel<Voxel>(to target: SharedPointer<Voxel>, _ areStoredSo: Bool, _ convert: Convert<Voxel>)
        throws
    {
        let (offset, total, width) = (header.dataOffset, header.dataByteCount, header.voxelType.byteCount)
        let (file, stated) = (source.file, stated)
        let piece = Self.pieceByteCount
        try ComputePool.shared.tryForEach(count: (total + piece - 1) / piece) { index in
            let first = index * piece
            let wanted = min(piece, total - first)
            let position = first / width
            let place = target.base + position
            if areStoredSo {
                try read(into: UnsafeMutableRawBufferPointer(start: place, count: wanted))
            } else {
                try withUnsafeTemporaryAllocation(byteCount: wanted, alignment: 16, read)
            }
            func read(into bytes: UnsafeMutableRawBufferPointer) throws {
                let count = try file.read(into: bytes, at: offset + first)
                guard count == wanted else { throw stated.truncated(at: offset + first + count) }
                convert(UnsafeRawBufferPointer(bytes), place, position)
            }
        }
        guard file.byteCount - offset - total <= Self.tolerableTrailingBytes else { throw stated.exceeded }
    }

    private func readInOrder<Voxel>(to target: SharedPointer<Voxel>, _ areStoredSo: Bool, _ convert: Convert<Voxel>)
        throws
    {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceByteCount, alignment: 16)
        defer { piece.deallocate() }
        var carried = try skipToData()
        let (total, width) = (header.dataByteCount, header.voxelType.byteCount)
        for first in stride(from: 0, to: total, by: piece.count) {
            let wanted = min(piece.count, total - first)
            let place = target.base + first / width
            let bytes =
                areStoredSo
                ? UnsafeMutableRawBufferPointer(start: place, count: wanted)
                : UnsafeMutableRawBufferPointer(rebasing: piece[..<wanted])
            let taken = min(carried.count, wanted)
            bytes.copyBytes(from: carried.prefix(taken))
            carried.removeFirst(taken)
            let count = try taken + source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[taken...]))
            guard count == wanted else { throw stated.truncated(at: header.dataOffset + first + count) }
            convert(UnsafeRawBufferPointer(bytes), place, first / width)
        }
        // Reading on to the end also makes zlib verify the checksum of the stream.
        let rest = UnsafeMutableRawBufferPointer(rebasing: piece[...Self.tolerableTrailingBytes])
        guard try carried.count + source.read(into: rest) <= Self.tolerableTrailingBytes else { throw stated.exceeded }
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
            guard count > 0 else { throw stated.truncated(at: header.dataOffset - left) }
            left -= count
        }
        return []
    }

    // MARK: - Length

    /// Before memory is taken: can a file of this length hold what the header states?
    private func refuteLength() throws {
        let needed = header.dataOffset + header.dataByteCount
        guard needed <= source.largestPossibleByteCount else {
            throw VolumeError(
                .truncated,
                "the file is cut off: \(source.file.byteCount) bytes\(source.isCompressed ? " of gzip" : "") cannot hold "
                    + "the \(needed) bytes its header states")
        }
    }

    private var stated: StatedLength {
        StatedLength(byteCount: header.dataOffset + header.dataByteCount, isCompressed: source.isCompressed)
    }
}

/// The bytes up to the end of the last voxel, as the header states them.
private struct StatedLength: Sendable {
    let byteCount: Int
    let isCompressed: Bool

    func truncated(at count: Int) -> VolumeError {
        VolumeError(
            .truncated,
            "the file is cut off: it has \(count) bytes\(isCompressed ? " after decompression" : ""), its header states \(byteCount)"
        )
    }

    var exceeded: VolumeError {
        VolumeError(
            .longerThanHeaderStates, "the file goes on after the \(byteCount) bytes its header states; reading stopped")
    }
}
