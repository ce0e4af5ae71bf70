import Archives
package import Foundation

/// The packed form: 8 bytes `spineshp`, then three little-endian 64-bit numbers (bytes of the catalogue, of the
/// compressed grids, of the grids), the catalogue as JSON, the grids as one raw deflate stream. A grid's values are
/// replaced by what remains when the neighbours along x and y predict them (a + b − c, modulo 256): distances are
/// nearly planes, so little does.
extension ShapeBank {
    private static let mark = Array("spineshp".utf8)

    /// - Throws: `CompressionError`.
    package func packed() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let catalogue = try encoder.encode(self.catalogue)
        var remains = voxels
        forEachGrid { offset, size in Self.predict(&remains, offset, size, undoing: false) }
        let stream = try remains.withUnsafeBytes { bytes in
            try [UInt8](unsafeUninitializedCapacity: Zlib.largestDeflatedByteCount(bytes.count)) { target, count in
                count = try Zlib.deflate(
                    bytes, after: UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, level: 9,
                    into: UnsafeMutableRawBufferPointer(target))
            }
        }
        var data = Data(Self.mark)
        for number in [catalogue.count, stream.count, voxels.count] {
            withUnsafeBytes(of: UInt64(number).littleEndian) { data.append(contentsOf: $0) }
        }
        return data + catalogue + stream
    }

    /// What `packed` made: a defect of the program if it is not.
    convenience init(packed bytes: UnsafeRawBufferPointer) {
        func number(_ index: Int) -> Int {
            Int(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 + 8 * index, as: UInt64.self)))
        }
        precondition(bytes.count > 32 && bytes.prefix(8).elementsEqual(Self.mark), "these are no packed bones")
        let (catalogueCount, streamCount, count) = (number(0), number(1), number(2))
        do {
            let catalogue = try JSONDecoder().decode(Catalogue.self, from: Data(bytes[32..<32 + catalogueCount]))
            let stream = UnsafeRawBufferPointer(rebasing: bytes[(32 + catalogueCount)...].prefix(streamCount))
            var voxels = [Int8](repeating: 0, count: count)
            try voxels.withUnsafeMutableBytes { try Zlib.inflate(stream, into: $0) }
            var offset = 0
            for bone in catalogue.bones {
                Self.predict(&voxels, offset, bone.size, undoing: true)
                offset += bone.nodes
            }
            self.init(catalogue, voxels: voxels)
        } catch {
            preconditionFailure("the packed bones are damaged: \(error)")
        }
    }

    private func forEachGrid(_ body: (Int, [Int]) -> Void) {
        for (bone, offset) in zip(catalogue.bones, offsets) { body(offset, bone.size) }
    }

    /// Backwards when packing, so that the neighbours are still what they were; forwards when undoing it.
    private static func predict(_ values: inout [Int8], _ offset: Int, _ size: [Int], undoing: Bool) {
        values.withUnsafeMutableBufferPointer { values in
            let (width, height) = (size[0], size[1])
            for k in 0..<size[2] {
                let plane = offset + k * width * height
                let count = width * height
                for step in 0..<count {
                    let place = undoing ? step : count - 1 - step
                    let (i, j) = (place % width, place / width)
                    let node = plane + place
                    let left = i > 0 ? values[node - 1] : 0
                    let behind = j > 0 ? values[node - width] : 0
                    let both = i > 0 && j > 0 ? values[node - width - 1] : 0
                    let guess = left &+ behind &- both
                    values[node] = undoing ? values[node] &+ guess : values[node] &- guess
                }
            }
        }
    }
}
