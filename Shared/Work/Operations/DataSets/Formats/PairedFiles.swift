import Documents
import Faults
import Foundation

/// Images and labels that belong together by their names: a folder of each (`images/a.nii.gz`, `labels/a.nii.gz`), one
/// folder of both (`a.nii.gz`, `a_seg.nii.gz`), or a table with the columns image, label and, if it likes, name and
/// split.
struct PairedFiles: DataSetReader {
    private static let imageFolders = ["images", "image", "imgs", "ct", "cts", "scans", "volumes"]
    private static let labelFolders = ["labels", "label", "masks", "segmentations", "segs", "seg"]
    private static let labelEndings = ["labels", "label", "seg", "segmentation", "mask", "gt"]
    private static let imageEndings = ["image", "img", "ct", "0000"]

    static func recognises(_ place: URL) -> Bool {
        guard DataSetFiles.isFolder(place) else { return isTable(place) }
        if folders(of: place) != nil { return true }
        return !FlatVerSeFolder.recognises(place) && DataSetFiles.names(orNone: place).contains(where: isLabel)
    }

    private static func isTable(_ place: URL) -> Bool { ["csv", "tsv"].contains(place.pathExtension.lowercased()) }

    static func read(_ place: URL) throws -> DataSetContents {
        if !DataSetFiles.isFolder(place) { return try read(table: place) }
        if let (images, labels) = folders(of: place) { return try read(images: images, labels: labels) }
        return try read(flat: place)
    }

    private static func folders(of place: URL) -> (images: URL, labels: URL)? {
        let names = DataSetFiles.names(orNone: place).filter { DataSetFiles.isFolder(place.appending(path: $0)) }
        func only(_ known: [String]) -> URL? {
            let found = names.filter { known.contains($0.lowercased()) }
            return found.count == 1 ? place.appending(path: found[0], directoryHint: .isDirectory) : nil
        }
        return only(imageFolders).flatMap { images in only(labelFolders).map { (images, $0) } }
    }

    // MARK: Names

    /// `case1` of `case1_ct.nii.gz` and of `case1-seg.nii`.
    static func bare(_ file: String) -> String {
        let stem = DataSetFiles.stem(file) ?? file
        return ending(of: stem, labelEndings + imageEndings).map { String(stem.dropLast($0.count + 1)) } ?? stem
    }

    private static func ending(of stem: String, _ endings: [String]) -> String? {
        endings.first { ending in
            ["_", "-", "."].contains { stem.lowercased().hasSuffix($0 + ending) } && stem.count > ending.count + 1
        }
    }

    /// In a folder of both.
    private static func isLabel(_ file: String) -> Bool {
        DataSetFiles.stem(file).map { ending(of: $0, labelEndings) != nil } ?? false
    }

    // MARK: Files

    static func read(flat folder: URL) throws -> DataSetContents {
        let files = try DataSetFiles.names(folder)
        let images = files.filter { DataSetFiles.stem($0) != nil && !isLabel($0) }
        return pairs(images, files.filter(isLabel), of: folder, and: folder)
    }

    static func read(images: URL, labels: URL) throws -> DataSetContents {
        let (imageFiles, labelFiles) = (try DataSetFiles.names(images), try DataSetFiles.names(labels))
        // A preview beside a label is no label.
        for (files, folder) in [(imageFiles, images), (labelFiles, labels)] {
            let stems = Set(files.compactMap(DataSetFiles.stem))
            try DataSetFiles.refuseOtherFormats(
                files.filter { !stems.contains(DataSetFiles.stemBeforeDots($0)) }, in: folder.lastPathComponent)
        }
        return pairs(
            imageFiles.filter { DataSetFiles.stem($0) != nil }, labelFiles.filter { DataSetFiles.stem($0) != nil },
            of: images, and: labels)
    }

    private static func pairs(_ images: [String], _ labels: [String], of imageFolder: URL, and labelFolder: URL)
        -> DataSetContents
    {
        let imagesByName = Dictionary(grouping: images, by: bare)
        let labelsByName = Dictionary(grouping: labels, by: bare)
        var contents = DataSetContents()
        for (name, found) in labelsByName.sorted(by: { $0.key < $1.key }) {
            let partners = imagesByName[name] ?? []
            if partners.count == 1, found.count == 1 {
                contents.cases.append(
                    LabelledCase(
                        name: name, image: imageFolder.appending(path: partners[0]),
                        label: labelFolder.appending(path: found[0])))
            } else {
                let reason =
                    partners.isEmpty
                    ? "label \(found[0]) has no image in \(imageFolder.lastPathComponent)"
                    : "\((partners + found).sorted().joined(separator: ", ")) have the same name: which belong together, nobody knows"
                contents.unreadable.append(DataSetContents.LeftOut(name: name, reason: reason))
            }
        }
        let unlabelled = imagesByName.keys.filter { labelsByName[$0] == nil }.sorted()
        contents.note(unlabelled, "has no label", "have no label")
        return contents
    }

    // MARK: Tables

    private static func read(table file: URL) throws -> DataSetContents {
        let table: DelimitedText
        do {
            table = try DelimitedText(String(decoding: Data(contentsOf: file), as: UTF8.self))
        } catch let error as DelimitedTextError {
            throw OperationError(.badInput, "\(file.lastPathComponent): \(error)")
        }
        guard ["image", "label"].allSatisfy(table.header.contains) else {
            throw OperationError(
                .badInput,
                "\(file.lastPathComponent) has the columns \(table.header.joined(separator: ", ")), expected image and label, and name and split where cases have them"
            )
        }
        var (pairs, contents) = (NamedPairs(folder: file.deletingLastPathComponent()), DataSetContents())
        var unlabelled: [String] = []
        for record in table.records {
            if let image = record["image"], let label = record["label"] {
                pairs.add(name: record["name"], image: image, label: label, split: record["split"])
            } else {
                unlabelled.append(record["name"] ?? "line \(record.line)")
            }
        }
        contents.cases = try pairs.named()
        contents.note(unlabelled, "has no image or no label", "have no image or no label")
        return contents
    }
}
