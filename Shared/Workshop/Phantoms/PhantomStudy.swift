package import DICOMSeries
import Faults
package import Foundation
package import Volumes

/// A phantom with its labels, as a hospital would send it.
package struct PhantomStudy: Sendable {
    package enum Format: String, Sendable, CaseIterable, Codable {
        /// `ct/CT0001.dcm` …
        case dicom
        /// `ct.nii.gz`
        case nifti
    }

    package var seed: UInt64
    package var ct: Volume<Int16>
    package var labels: Volume<UInt8>

    /// - Throws: `PhantomError.invalidConfiguration`.
    package init(seed: UInt64, configuration: PhantomConfiguration) throws(PhantomError) {
        self.seed = seed
        (ct, labels) = try Phantom.make(seed: seed, configuration: configuration)
    }

    /// A scene of real bones. - Throws: `PhantomError.invalidConfiguration`.
    package init(seed: UInt64, view: AnatomicalView, bank: ShapeBank = .packed) throws(PhantomError) {
        self.seed = seed
        (ct, labels) = try AnatomicalScene.make(seed: seed, view: view, bank: bank)
    }

    /// Where `write` puts the CT below `folder`: a folder of DICOM objects or a NIfTI file.
    package static func ctLocation(in folder: URL, format: Format) -> URL {
        switch format {
        case .dicom: folder.appending(path: "ct", directoryHint: .isDirectory)
        case .nifti: folder.appending(path: "ct.nii.gz")
        }
    }

    /// Where `write` puts the labels below `folder`: `labels.nii.gz` in the numbering `spine-25`.
    package static func labelsLocation(in folder: URL) -> URL { folder.appending(path: "labels.nii.gz") }

    /// Writes the CT and `labels.nii.gz` into `folder`, which is made if it is not there. A phantom that is there
    /// already goes, in either format: its slices beside the new ones would make a series of both, its CT in the other
    /// format would have the new one's labels.
    ///
    /// - Throws: `PhantomError.folderNotWritable`, `DICOMError`, `VolumeError`.
    package func write(to folder: URL, format: Format, encoding: DICOMWriter.Encoding = .explicitLittleEndian) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for place in Format.allCases.map({ PhantomStudy.ctLocation(in: folder, format: $0) })
            where FileManager.default.fileExists(atPath: place.path) {
                try FileManager.default.removeItem(at: place)
            }
        } catch {
            throw PhantomError(.folderNotWritable, "folder for the phantom cannot be made: check permissions and space")
        }
        let target = PhantomStudy.ctLocation(in: folder, format: format)
        switch format {
        case .dicom:
            try DICOMWriter.writeSeries(ct, to: target, facts: DICOMWriter.SeriesFacts(seed: seed), encoding: encoding)
        case .nifti: try NIfTI.write(ct, to: target)
        }
        try NIfTI.write(labels, to: PhantomStudy.labelsLocation(in: folder))
    }
}
