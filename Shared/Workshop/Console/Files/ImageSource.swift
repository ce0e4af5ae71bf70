package import DICOMSeries
package import Documents
import Faults
import Foundation
import Threads
package import Volumes

/// A CT on disk as a volume in Hounsfield units: a DICOM folder or file, or a NIfTI file. Blocks; see `OwnThread`.
package struct ImageSource: Sendable {
    package let volume: Volume<Float>
    /// Whether every voxel is a whole number that Int16 holds.
    package let isInt16Exact: Bool
    /// Nil for NIfTI.
    package let series: DICOMSeries?
    /// What was decided or assumed in reading it.
    package let decisions: [String]

    package init(_ path: String, series: String? = nil) throws {
        if Self.isNIfTI(path) {
            decisions = try NIfTI.readHeader(URL(filePath: path)).remarks
            volume = try NIfTI.readImage(URL(filePath: path))
            isInt16Exact = volume.voxels.allSatisfy { $0 >= -32768 && $0 <= 32767 && $0 == $0.rounded(.towardZero) }
            self.series = nil
        } else {
            guard FileManager.default.fileExists(atPath: path) else {
                throw DICOMError(.fileMissing, "there is no such file or folder: \(path)")
            }
            if let stranger = NIfTI.nameOfStranger(URL(filePath: path)) {
                throw DICOMError(.notDICOM, "the file is \(stranger), expected DICOM or NIfTI", path: path)
            }
            let read = try DICOMReader.readSeries(at: URL(filePath: path), series: series)
            (volume, isInt16Exact, self.series, decisions) = (read.volume, read.isInt16Exact, read, read.decisions)
        }
    }

    /// By name, or by content where the name says nothing.
    package static func isNIfTI(_ path: String) -> Bool { NIfTI.isNIfTI(URL(filePath: path)) }

    /// The forms that are written; pairs are read only.
    package static func isWritable(_ path: String) -> Bool { path.hasSuffix(".nii") || path.hasSuffix(".nii.gz") }

    /// As 16-bit integers where they hold every value, else as 32-bit floats.
    package static func write(_ volume: Volume<Float>, isInt16Exact: Bool, to path: String) throws {
        try NIfTI.write(volume, as: isInt16Exact ? .int16 : .float32, to: URL(filePath: path))
    }

    package static func json(_ geometry: Geometry) -> JSONValue {
        [
            "size": JSONValue(geometry.size.map { JSONValue($0) }),
            "spacing_mm": JSONValue(geometry.spacingInMillimetres.map { JSONValue($0) }),
            "orientation": JSONValue(geometry.affine.isInvertible ? geometry.orientation.description : nil),
            "affine": JSONValue(geometry.affine.rows.map { JSONValue($0.map { JSONValue($0) }) }),
        ]
    }
}
