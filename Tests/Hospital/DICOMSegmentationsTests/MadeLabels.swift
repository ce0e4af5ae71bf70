import Anatomy
import DICOMObjects
import Foundation
import DICOMSegmentations
import Volumes

/// A series of seven oblique slices of 11 × 13 pixels that exists on paper only, and label maps on its grid.
enum MadeLabels {
    static let columns = 11
    static let rows = 13
    static let planes = 7
    static let algorithm = SegmentationAlgorithm(name: "spine", version: "3", software: "Columna 0.1")
    static let moment = ContentMoment(
        Date(timeIntervalSince1970: 1_750_000_000), timeZone: TimeZone(secondsFromGMT: 0) ?? .current)

    /// LPS; rows tilted by an angle of 3-4-5.
    static let orientation = [1, 0, 0, 0, 0.8, -0.6]
    static let normal = SIMD3(0, 0.6, 0.8)
    static let first = SIMD3(-20.5, -30.25, 100)
    static let spacing = [0.75, 0.5]
    static let step = 2.5

    static func position(_ plane: Int) -> SIMD3<Double> { first + normal * (step * Double(plane)) }

    static var source: SourceSeries {
        SourceSeries(
            studyInstance: "1.2.3", seriesInstance: "1.2.3.4", frameOfReference: "1.2.3.5", orientation: orientation,
            attributes: ["00100010": "Größe^Eva", "00100020": "4711", "00080020": "20250102", "00080050": "A1"],
            images: (0..<planes).map { plane in
                SourceSeries.Image(
                    sopClass: "1.2.840.10008.5.1.4.1.1.2", sopInstance: "1.2.3.4.\(plane + 1)",
                    position: (0..<3).map { position(plane)[$0] })
            })
    }

    /// The grid of the images as they lie: i along rows, j down columns, k from slice to slice.
    static var grid: Geometry {
        let row = SIMD3(orientation[0], orientation[1], orientation[2]) * spacing[1]
        let column = SIMD3(orientation[3], orientation[4], orientation[5]) * spacing[0]
        return Geometry(
            size: [columns, rows, planes],
            affine: Affine(columns: [ras(row), ras(column), ras(normal * step)], origin: ras(first)))
    }

    static func ras(_ vector: SIMD3<Double>) -> SIMD3<Double> { SIMD3(-vector.x, -vector.y, vector.z) }

    /// Values 0, 19 (T12), 20 (L1) and 25 (sacrum) in blocks, none in the first plane; T12 and L1 share planes.
    static var labels: Volume<UInt8> {
        var volume = Volume<UInt8>(geometry: grid, repeating: 0)
        for k in 1..<planes {
            for j in 0..<rows {
                for i in 0..<columns {
                    if k <= 3, i < 5, (i + j + k).isMultiple(of: 3) { volume[i, j, k] = 19 }
                    if k == 3 || k == 5, i > 6, j > 2 { volume[i, j, k] = 20 }
                    if k == 6, j == rows - 1 { volume[i, j, k] = 25 }
                }
            }
        }
        return volume
    }

    /// The same labels with axes given out anew: voxel axis `axes[n]` of the result runs along axis n, the other way
    /// where `flipped`.
    static func turned(_ volume: Volume<UInt8>, axes: [Int], flipped: [Bool]) -> Volume<UInt8> {
        let size = volume.geometry.size
        var (newSize, columns) = ([0, 0, 0], Array(repeating: SIMD3<Double>.zero, count: 3))
        var corner = SIMD3<Double>.zero
        for axis in 0..<3 {
            newSize[axes[axis]] = size[axis]
            columns[axes[axis]] = volume.geometry.affine.column(axis) * (flipped[axis] ? -1 : 1)
            if flipped[axis] { corner[axis] = Double(size[axis] - 1) }
        }
        let affine = Affine(columns: columns, origin: volume.geometry.affine.applied(to: corner))
        var result = Volume<UInt8>(geometry: Geometry(size: newSize, affine: affine), repeating: 0)
        for k in 0..<size[2] {
            for j in 0..<size[1] {
                for i in 0..<size[0] {
                    var index = [0, 0, 0]
                    for (axis, place) in [i, j, k].enumerated() {
                        index[axes[axis]] = flipped[axis] ? size[axis] - 1 - place : place
                    }
                    result[index[0], index[1], index[2]] = volume[i, j, k]
                }
            }
        }
        return result
    }

    static func withFile<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).dcm")
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file)
    }

    @discardableResult
    static func write(
        _ labels: Volume<UInt8> = labels, source: SourceSeries = source, algorithm: SegmentationAlgorithm = algorithm,
        review: ReviewMark? = nil,
        to file: URL
    ) throws -> SegmentationObject.Written {
        try SegmentationObject.write(
            labels: labels, segments: Segment.segments(of: .spine25), source: source, algorithm: algorithm,
            contentDate: moment, review: review, to: file)
    }

    /// A written object, changed.
    static func changed(_ change: (DICOMObject.Item) throws -> Void, then body: (URL) throws -> Void) throws {
        try withFile { file in
            try write(to: file)
            let object = try DICOMObject(file: file)
            try change(object.dataset)
            try withFile { changed in
                try object.write(to: changed)
                try body(changed)
            }
        }
    }
}
