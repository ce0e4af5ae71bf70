package import DICOM
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

    /// Where `write` puts the CT below `folder`: a folder of DICOM objects or a NIfTI file.
    package static func ctLocation(in folder: URL, format: Format) -> URL {
        switch format {
        case .dicom: folder.appending(path: "ct", directoryHint: .isDirectory)
        case .nifti: folder.appending(path: "ct.nii.gz")
        }
    }

    /// Where `write` puts the labels below `folder`: `labels.nii.gz` in the numbering `spine-25`.
    package static func labelsLocation(in folder: URL) -> URL { folder.appending(path: "labels.nii.gz") }

    /// Writes the CT and `labels.nii.gz` into `folder`, which is made if it is not there.
    ///
    /// - Throws: `PhantomError.folderNotWritable`, `DICOMError`, `VolumeError`.
    package func write(to folder: URL, format: Format, encoding: DICOMWriter.Encoding = .explicitLittleEndian) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
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
