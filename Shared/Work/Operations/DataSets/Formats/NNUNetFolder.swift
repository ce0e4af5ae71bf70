import Documents
import Faults
import Foundation

/// nnU-Net's raw data: a folder with imagesTr and labelsTr, or one of its folders of images.
struct NNUNetFolder: DataSetReader {
    private let home: URL
    /// `Tr` or `Ts`.
    private let part: String
    private let isNamedByImages: Bool

    private var images: URL { home.appending(path: "images\(part)", directoryHint: .isDirectory) }
    private var labels: URL { home.appending(path: "labels\(part)", directoryHint: .isDirectory) }

    private init(_ place: URL) {
        let name = place.lastPathComponent
        isNamedByImages = ["imagesTr", "imagesTs"].contains(name)
        home = isNamedByImages ? place.deletingLastPathComponent() : place
        part = isNamedByImages ? String(name.suffix(2)) : "Tr"
    }

    static func recognises(_ place: URL) -> Bool {
        let folder = Self(place)
        return folder.isNamedByImages
            || (DataSetFiles.isFolder(folder.images) && DataSetFiles.isFolder(folder.labels))
    }

    static func read(_ place: URL) throws -> DataSetContents { try Self(place).read() }

    private func read() throws -> DataSetContents {
        guard DataSetFiles.isFolder(images), DataSetFiles.isFolder(labels) else {
            throw OperationError(
                .badInput,
                "there is no folder \(DataSetFiles.isFolder(images) ? "labels\(part)" : "images\(part)") in \(home.lastPathComponent), expected labels\(part)/NAME.nii.gz for images\(part)/NAME_0000.nii.gz"
            )
        }
        let files = try DataSetFiles.names(labels)
        let stems = Set(files.compactMap(DataSetFiles.stem))
        try DataSetFiles.refuseOtherFormats(
            files.filter { !stems.contains(DataSetFiles.stemBeforeDots($0)) }, in: labels.lastPathComponent)
        guard !stems.isEmpty else {
            throw OperationError(.badInput, "labels\(part) has no label, expected labels\(part)/NAME.nii.gz")
        }
        var contents = DataSetContents()
        contents.stated = StatedLabels(file: home.appending(path: "dataset.json"))
        for stem in stems.sorted() {
            let label = DataSetFiles.firstExisting(labels, ["\(stem).nii.gz", "\(stem).nii"])
            let image = DataSetFiles.firstExisting(
                images, ["\(stem)_0000.nii.gz", "\(stem)_0000.nii", "\(stem).nii.gz", "\(stem).nii"])
            if let image, let label {
                contents.cases.append(LabelledCase(name: stem, image: image, label: label))
            } else {
                contents.unreadable.append(
                    DataSetContents.LeftOut(
                        name: stem, reason: "label \(stem) has no image images\(part)/\(stem)_0000.nii.gz"))
            }
        }
        try remarkOnImages(stems, &contents)
        if !isNamedByImages, DataSetFiles.isFolder(home.appending(path: "labelsTs")) {
            contents.remarks.append("imagesTs is not imported with imagesTr: name it, with --split test")
        }
        return contents
    }

    private func remarkOnImages(_ labelled: Set<String>, _ contents: inout DataSetContents) throws {
        let files = try DataSetFiles.names(images)
        // nnU-Net appends the number of the channel, four digits.
        let numbered = files.compactMap { file in
            DataSetFiles.stem(file).flatMap { $0.wholeMatch(of: /(.+)_([0-9]{4})/) }
        }
        let channels = numbered.filter { $0.2 != "0000" }
        if !channels.isEmpty {
            contents.remarks.append(
                "images\(part) has \(channels.count) images of other channels than the first: they are left out")
        }
        let strangers = Set(numbered.map { String($0.1) }).subtracting(labelled)
        let unread = files.filter { DataSetFiles.stem($0) == nil && DataSetFiles.isImage($0) }
        if !unread.isEmpty {
            contents.remarks.append(
                "images\(part) has \(Wording.count(unread.count, "file")) that \(unread.count == 1 ? "is" : "are") no NIfTI (\(DataSetFiles.list(unread))): left out"
            )
        }
        contents.note(strangers.sorted(), "has no label in labels\(part)", "have no label in labels\(part)")
    }
}
