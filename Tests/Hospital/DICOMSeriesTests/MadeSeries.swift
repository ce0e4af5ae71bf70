import DICOMSeries
import Foundation
import Volumes

/// A small made series: 12 × 10 pixels, five slices 2.5 mm apart, every voxel different.
enum MadeSeries {
    static let size = [12, 10, 5]
    static let origin = SIMD3<Double>(-20.5, 33.25, -101.5)

    static var volume: Volume<Int16> {
        let affine = Affine(columns: [SIMD3(-0.75, 0, 0), SIMD3(0, -0.5, 0), SIMD3(0, 0, 2.5)], origin: origin)
        let values = (0..<size[0] * size[1] * size[2]).map { Int16(($0 * 7919) % 4096 - 1024) }
        return Volume(geometry: Geometry(size: size, affine: affine), voxels: values)
    }

    static func write(
        to folder: URL, seed: UInt64 = 42, seriesNumber: Int = 1, encoding: DICOMWriter.Encoding = .explicitLittleEndian
    ) throws {
        let facts = DICOMWriter.SeriesFacts(seed: seed, seriesNumber: seriesNumber)
        try DICOMWriter.writeSeries(volume, to: folder, facts: facts, encoding: encoding)
    }

    static func error(_ location: URL, series: String? = nil) -> DICOMError? {
        do {
            _ = try DICOMReader.readSeries(at: location, series: series)
            return nil
        } catch {
            return error
        }
    }
}
