import Foundation

/// `NAME/ct.nii.gz` or a DICOM folder `NAME/ct` with `NAME/labels.nii.gz`, as `columna phantom` writes them. The folder
/// itself may be one case.
struct CaseFolders: DataSetReader {
    private static let images = ["ct.nii.gz", "ct.nii", "ct"]
    private static let labels = ["labels.nii.gz", "labels.nii"]

    static func recognises(_ place: URL) -> Bool {
        DataSetFiles.withSubfolders(place).contains { folder in
            DataSetFiles.names(orNone: folder).contains { $0.hasPrefix("labels.") }
        }
    }

    static func read(_ place: URL) throws -> DataSetContents {
        var contents = DataSetContents()
        var unlabelled: [String] = []
        let isSingle = !DataSetFiles.names(orNone: place).filter { images.contains($0) || labels.contains($0) }.isEmpty
        for folder in isSingle ? [place] : Array(DataSetFiles.withSubfolders(place).dropFirst()) {
            let name = folder.standardizedFileURL.lastPathComponent
            do throws(DataSetFiles.Ambiguity) {
                let image = try DataSetFiles.onlyOne(folder, images)
                if let label = try DataSetFiles.onlyOne(folder, labels) {
                    contents.add(name, image: image, label: label)
                } else if image != nil {
                    unlabelled.append(name)
                }
            } catch {
                contents.unreadable.append(DataSetContents.LeftOut(name: name, reason: error.reason))
            }
            if contents.cases.last?.name != name {
                try DataSetFiles.refuseOtherFormats(
                    DataSetFiles.names(orNone: folder).filter {
                        ["labels", "ct"].contains(DataSetFiles.stemBeforeDots($0))
                    }, in: name)
            }
        }
        contents.note(unlabelled, "has a CT without labels", "have a CT without labels")
        return contents
    }
}

extension DataSetContents {
    /// A case of a folder, or the reason why it is none.
    mutating func add(_ name: String, image: URL?, label: URL, split: String? = nil) {
        if let image {
            cases.append(LabelledCase(name: name, image: image, label: label, split: split))
        } else {
            unreadable.append(
                LeftOut(
                    name: name,
                    reason:
                        "\(name) has labels and no CT, expected ct.nii.gz, ct.nii or a DICOM folder ct beside them"))
        }
    }
}
