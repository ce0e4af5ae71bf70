package import Foundation
import Surfaces

extension SurfaceScene {
    /// Distances are stored in hundredths of a millimetre; this stands for "none".
    package static let noDistance = UInt16.max

    /// Little-endian: `CSM1`; 3 × Float32 half extent in mm; UInt32 number of parts; per part UInt8 side, UInt8 label,
    /// UInt16 vertices, UInt32 triangles; then for all parts in order 3 × UInt16 per vertex (0 … 65535 from − to + half
    /// extent), UInt16 per vertex (distance), and 3 × UInt16 per triangle (corners, counted within the part).
    package func encoded() -> Data {
        var data = Data("CSM1".utf8)
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        for axis in 0..<3 { append(halfExtent[axis].bitPattern) }
        append(UInt32(parts.count))
        for part in parts {
            append(part.side.rawValue)
            append(part.label)
            append(UInt16(part.mesh.vertices.count))
            append(UInt32(part.mesh.triangles.count))
        }
        for part in parts {
            for vertex in part.mesh.vertices {
                let share = (vertex / halfExtent + 1) / 2 * 65535
                for axis in 0..<3 { append(UInt16(max(0, min(65535, share[axis].rounded())))) }
            }
        }
        for part in parts { for distance in part.distances { append(Self.code(distance)) } }
        for part in parts {
            for triangle in part.mesh.triangles { for corner in 0..<3 { append(UInt16(triangle[corner])) } }
        }
        return data
    }

    private static func code(_ distance: Float) -> UInt16 {
        distance.isFinite ? UInt16(max(0, min(65534, (distance * 100).rounded()))) : noDistance
    }
}
