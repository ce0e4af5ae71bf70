import Faults
package import Foundation

/// A labelled case on disk, before it is imported.
package struct LabelledCase: Sendable, Equatable {
    /// Pseudonym, from the folder's or file's name.
    package let name: String
    /// NIfTI file or DICOM folder.
    package let image: URL
    /// NIfTI file, or folder of one mask per vertebra.
    package let label: URL
    /// What the data set that it comes from has it for; nil where that says nothing.
    package var split: String?
    /// The fold that is validated on it, where the data set says so.
    package let fold: Int?

    package init(name: String, image: URL, label: URL, split: String? = nil, fold: Int? = nil) {
        self.split = split
        self.fold = fold
        self.name = name
        self.image = image
        self.label = label
    }

    /// One that is named by its files.
    ///
    /// - Parameter name: nil: after the image.
    /// - Throws: `OperationError` (`badInput`) for a file that is not there.
    package init(name: String?, image: URL, label: URL) throws {
        for file in [image, label] where !FileManager.default.fileExists(atPath: file.path) {
            throw OperationError(.badInput, "there is no such file: \(file.path)")
        }
        let file = image.lastPathComponent
        self.init(name: name ?? DataSetFiles.stem(file) ?? file, image: image, label: label)
    }
}
