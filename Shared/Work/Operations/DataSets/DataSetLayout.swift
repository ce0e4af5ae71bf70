import Documents
import Faults
package import Foundation
import LabelMaps

/// The labelled CTs of a folder, and what of it is none.
///
/// | Layout | Image | Label |
/// |---|---|---|
/// | TotalSegmentator | `s0000/ct.nii.gz` | `s0000/segmentations/vertebrae_C1.nii.gz` …, `sacrum.nii.gz` |
/// | nnU-Net | `imagesTr/NAME_0000.nii.gz` | `labelsTr/NAME.nii.gz` (likewise Ts) |
/// | VerSe (BIDS) | `rawdata/sub-X/sub-X_ct.nii.gz` | `derivatives/sub-X/sub-X_seg-vert_msk.nii.gz` |
/// | Columna | `NAME/ct.nii.gz` or `NAME/ct/` (DICOM) | `NAME/labels.nii.gz` |
///
/// No file is left out without a word: what cannot be a case is an error where it was meant as one (a label in another
/// format, a label without its image), and a remark where there is nothing to learn from (an image without a label).
package struct DataSetLayout: Sendable {
    /// Ordered by name.
    package private(set) var cases: [LabelledCase] = []
    /// What the folder has besides.
    package private(set) var remarks: [String] = []
    /// Of an nnU-Net folder, where it has them.
    private(set) var stated: StatedLabels?
    /// Whether its labels have VerSe's numbers unless somebody renumbered them.
    private(set) var isVerSe = false

    /// The folder itself may be one case. Blocks; see `OwnThread`. Throws `OperationError` (`badInput`).
    package init(_ folder: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw OperationError(.badInput, "there is no folder \(folder.path)")
        }
        if try readNNUNet(folder) { return }
        if try readVerSe(folder) { return }
        try readCaseFolders(folder)
        guard !cases.isEmpty else {
            throw OperationError(
                .badInput,
                "no labelled cases in \(folder.path), expected NAME/ct.nii.gz with NAME/labels.nii.gz (or NAME/segmentations/vertebrae_*.nii.gz), imagesTr and labelsTr, "
                    + "or rawdata and derivatives as VerSe has them" + remarks.map { "; \($0)" }.joined())
        }
    }

    // MARK: - Columna and TotalSegmentator

    private mutating func readCaseFolders(_ folder: URL) throws {
        if let single = try Self.single(folder) {
            cases = [single]
            return
        }
        var unlabelled: [String] = []
        for name in try Self.names(folder) {
            let child = folder.appending(path: name, directoryHint: .isDirectory)
            if let one = try Self.single(child) {
                cases.append(one)
            } else if try Self.image(of: child) != nil {
                unlabelled.append(name)
            }
        }
        note(unlabelled, "has a CT without labels", "have a CT without labels")
    }

    private static func image(of folder: URL) throws -> URL? { try onlyOne(folder, ["ct.nii.gz", "ct.nii", "ct"]) }

    /// Which of two is meant, nobody knows.
    private static func onlyOne(_ folder: URL, _ names: [String]) throws -> URL? {
        let found = names.filter { isThere(folder.appending(path: $0)) }
        guard found.count < 2 else {
            throw OperationError(
                .badInput,
                "\(folder.lastPathComponent) has \(found.joined(separator: " and ")): move away those that are not meant"
            )
        }
        return found.first.map { folder.appending(path: $0) }
    }

    private static func single(_ folder: URL) throws -> LabelledCase? {
        let masks = folder.appending(path: "segmentations", directoryHint: .isDirectory)
        guard
            let label = try onlyOne(folder, ["labels.nii.gz", "labels.nii"]) ?? (MaskFolder(masks) == nil ? nil : masks)
        else {
            try refuseOtherFormats(
                names(orNone: folder).filter { ["labels", "ct"].contains(stemBeforeDots($0)) },
                in: folder.lastPathComponent)
            return nil
        }
        guard let image = try image(of: folder) else {
            throw OperationError(
                .badInput,
                "\(folder.lastPathComponent) has labels and no CT, expected ct.nii.gz, ct.nii or a DICOM folder ct beside them"
            )
        }
        return LabelledCase(name: folder.standardizedFileURL.lastPathComponent, image: image, label: label)
    }

    // MARK: - nnU-Net

    /// `folder` has imagesTr and labelsTr, or is one of the folders of images.
    private mutating func readNNUNet(_ folder: URL) throws -> Bool {
        let name = folder.lastPathComponent
        let isImages = ["imagesTr", "imagesTs"].contains(name)
        let home = isImages ? folder.deletingLastPathComponent() : folder
        let split = isImages ? String(name.suffix(2)) : "Tr"
        let images = home.appending(path: "images\(split)", directoryHint: .isDirectory)
        let labels = home.appending(path: "labels\(split)", directoryHint: .isDirectory)
        guard Self.isFolder(images), Self.isFolder(labels) else {
            if isImages {
                throw OperationError(
                    .badInput,
                    "there is no folder labels\(split) beside \(name), expected labels\(split)/NAME.nii.gz for \(name)/NAME_0000.nii.gz"
                )
            }
            return false
        }
        let files = try Self.names(labels)
        let stems = Set(files.compactMap(Self.stem))
        try Self.refuseOtherFormats(
            files.filter { !stems.contains(Self.stemBeforeDots($0)) }, in: labels.lastPathComponent)
        guard !stems.isEmpty else {
            throw OperationError(.badInput, "labels\(split) has no label, expected labels\(split)/NAME.nii.gz")
        }
        cases = try stems.sorted().map { stem in
            guard let image = Self.firstExisting(images, ["\(stem)_0000.nii.gz", "\(stem)_0000.nii", "\(stem).nii.gz"])
            else {
                throw OperationError(.badInput, "label \(stem) has no image images\(split)/\(stem)_0000.nii.gz")
            }
            return LabelledCase(
                name: stem, image: image,
                label: Self.firstExisting(labels, ["\(stem).nii.gz", "\(stem).nii"]) ?? labels)
        }
        stated = StatedLabels(home)
        try remarkOnImages(images, stems, split)
        if !isImages, Self.isFolder(home.appending(path: "labelsTs")) {
            remarks.append("imagesTs is not imported with imagesTr: name it, with --split test")
        }
        return true
    }

    private mutating func remarkOnImages(_ images: URL, _ labelled: Set<String>, _ split: String) throws {
        let files = try Self.names(images)
        // nnU-Net appends the number of the channel, four digits.
        let numbered = files.compactMap { file in Self.stem(file).flatMap { $0.wholeMatch(of: /(.+)_([0-9]{4})/) } }
        let channels = numbered.filter { $0.2 != "0000" }
        if !channels.isEmpty {
            remarks.append(
                "images\(split) has \(channels.count) images of other channels than the first: they are left out")
        }
        let strangers = Set(numbered.map { String($0.1) }).subtracting(labelled)
        let unread = files.filter { Self.stem($0) == nil && Self.isImage($0) }
        if !unread.isEmpty {
            remarks.append(
                "images\(split) has \(Wording.count(unread.count, "file")) that \(unread.count == 1 ? "is" : "are") no NIfTI (\(Self.list(unread))): left out"
            )
        }
        note(strangers.sorted(), "has no label in labels\(split)", "have no label in labels\(split)")
    }

    // MARK: - VerSe

    private static let verseLabel = "_seg-vert_msk"

    /// `folder` has rawdata and derivatives, or folders that have (01_training, 02_validation …).
    private mutating func readVerSe(_ folder: URL) throws -> Bool {
        func isRoot(_ place: URL) -> Bool {
            ["rawdata", "derivatives"].allSatisfy { Self.isFolder(place.appending(path: $0)) }
        }
        let roots =
            isRoot(folder)
            ? [folder]
            : try Self.names(folder).map { folder.appending(path: $0, directoryHint: .isDirectory) }.filter(isRoot)
        guard !roots.isEmpty else { return false }
        for root in roots { try readVerSeRoot(root) }
        let names = cases.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw OperationError(
                .badInput, "two cases are called \(twice): import rawdata and derivatives of one folder at a time")
        }
        guard !cases.isEmpty else {
            throw OperationError(
                .badInput,
                "derivatives has no label, expected derivatives/sub-X/sub-X\(Self.verseLabel).nii.gz"
                    + remarks.map { "; \($0)" }.joined())
        }
        cases.sort { $0.name < $1.name }
        isVerSe = true
        return true
    }

    private mutating func readVerSeRoot(_ root: URL) throws {
        let (images, labels) = (
            try Self.files(below: root.appending(path: "rawdata")),
            try Self.files(below: root.appending(path: "derivatives"))
        )
        try Self.refuseOtherFormats(
            labels.filter { Self.stemBeforeDots($0).hasSuffix(Self.verseLabel) && Self.stem($0) == nil },
            in: "derivatives")
        // Folders within a subject (sessions) may differ between the two; a scan's name is unique.
        let scans = Dictionary(
            images.compactMap { path in Self.scan(path, ending: "_ct").map { ($0, path) } },
            uniquingKeysWith: { first, _ in first })
        var labelled = Set<String>()
        for path in labels {
            guard let name = Self.scan(path, ending: Self.verseLabel) else { continue }
            guard let image = scans[name] else {
                throw OperationError(.badInput, "label derivatives/\(path) has no image \(name)_ct.nii.gz in rawdata")
            }
            labelled.insert(name)
            cases.append(
                LabelledCase(
                    name: name, image: root.appending(path: "rawdata/\(image)"),
                    label: root.appending(path: "derivatives/\(path)")))
        }
        note(
            Set(scans.keys).subtracting(labelled).sorted(), "has no label in derivatives",
            "have no label in derivatives")
    }

    private static func scan(_ path: String, ending: String) -> String? {
        guard let stem = stem(String(path.split(separator: "/").last ?? "")), stem.hasSuffix(ending) else { return nil }
        return String(stem.dropLast(ending.count))
    }

    // MARK: - Files

    /// Formats of images that are not read here. A preview or a table beside labels is none of them's label.
    private static func isImage(_ file: String) -> Bool {
        let name = file.lowercased()
        return [
            ".nrrd", ".nhdr", ".mha", ".mhd", ".png", ".tif", ".tiff", ".bmp", ".jpg", ".npy", ".npz", ".mgz", ".mgh",
            ".mat", ".h5", ".hdf5", ".hdr", ".img", ".img.gz", ".dcm",
            ".nii", ".nii.gz", ".nii.bz2", ".nii.zst", ".nii.xz", ".zarr", ".b2nd", ".gipl",
        ].contains { name.hasSuffix($0) }
    }

    private static func refuseOtherFormats(_ files: [String], in folder: String) throws {
        let unread = files.filter { stem($0) == nil && isImage($0) }
        guard let first = unread.first else { return }
        let ending = first.drop { $0 != "." }
        throw OperationError(
            .badInput,
            "\(folder) has \(Wording.count(unread.count, "file")) in another format than NIfTI (\(list(unread))): nothing is imported; "
                + "convert \(ending) to .nii.gz first, images and labels alike")
    }

    private mutating func note(_ names: [String], _ singular: String, _ plural: String) {
        guard !names.isEmpty else { return }
        remarks.append(
            "\(Wording.count(names.count, "case")) (\(Self.list(names))) \(names.count == 1 ? singular : plural) and \(names.count == 1 ? "is" : "are") left out"
        )
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " …" : "")
    }

    private static func firstExisting(_ folder: URL, _ names: [String]) -> URL? {
        names.lazy.map { folder.appending(path: $0) }.first(where: isThere)
    }

    /// Also as a link to what is not: data sets in git-annex are folders of links whose files come when they are asked
    /// for.
    private static func isThere(_ file: URL) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: file.path)) != nil
    }

    private static func isFolder(_ place: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    private static func names(orNone folder: URL) -> [String] { (try? names(folder)) ?? [] }

    /// Relative paths.
    private static func files(below folder: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
            !$0.split(separator: "/").contains { $0.hasPrefix(".") }
        }.sorted()
    }

    static func stem(_ file: String) -> String? {
        [".nii.gz", ".nii"].lazy.compactMap { file.hasSuffix($0) ? String(file.dropLast($0.count)) : nil }.first
    }

    /// `case1` of `folder/case1.seg.nrrd`.
    private static func stemBeforeDots(_ path: String) -> String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }
}
