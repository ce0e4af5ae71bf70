import Anatomy
import Foundation
import Volumes

/// A labelled case on disk, before it is imported.
struct LabelledCase: Sendable, Equatable {
    enum Label: Sendable, Equatable {
        case file(URL)
        /// One mask per vertebra, with the `spine-25` value it stands for.
        case masks([Mask])
    }

    struct Mask: Sendable, Equatable {
        let value: UInt8
        let file: URL
    }

    /// Pseudonym, from the folder's or file's name.
    let name: String
    /// NIfTI file or DICOM folder.
    let image: URL
    let label: Label
}

/// How folders of labelled CTs are laid out.
///
/// | Layout | Image | Label |
/// |---|---|---|
/// | TotalSegmentator | `s0000/ct.nii.gz` | `s0000/segmentations/vertebrae_C1.nii.gz` …, `sacrum.nii.gz` |
/// | nnU-Net | `imagesTr/NAME_0000.nii.gz` | `labelsTr/NAME.nii.gz` |
/// | Columna | `NAME/ct.nii.gz` or `NAME/ct/` (DICOM) | `NAME/labels.nii.gz` |
enum DataSetLayout {
    /// Where labels that had to be merged or renumbered are written, inside the imported folder: what ingestion may read lies there already.
    static let madeLabels = "columna-labels"

    /// The cases of a folder, ordered by name; the folder itself may be one case.
    static func cases(in folder: URL) throws -> [LabelledCase] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandFailure(.badData, "there is no folder \(folder.path)")
        }
        if let cases = try nnUNet(folder) { return cases }
        if let single = single(folder) { return [single] }
        let found = try names(folder).filter { $0 != madeLabels }.compactMap { single(folder.appending(path: $0, directoryHint: .isDirectory)) }
        guard !found.isEmpty else {
            throw CommandFailure(
                .badData,
                "no labelled cases in \(folder.path), expected NAME/ct.nii.gz with NAME/labels.nii.gz (or NAME/segmentations/vertebrae_*.nii.gz), or imagesTr and labelsTr")
        }
        return found
    }

    private static func single(_ folder: URL) -> LabelledCase? {
        guard let image = firstExisting(folder, ["ct.nii.gz", "ct.nii", "ct"]) else { return nil }
        let name = folder.standardizedFileURL.lastPathComponent
        if let file = firstExisting(folder, ["labels.nii.gz", "labels.nii"]) { return LabelledCase(name: name, image: image, label: .file(file)) }
        let masks = masks(folder.appending(path: "segmentations", directoryHint: .isDirectory))
        return masks.isEmpty ? nil : LabelledCase(name: name, image: image, label: .masks(masks))
    }

    private static func nnUNet(_ folder: URL) throws -> [LabelledCase]? {
        let images = folder.appending(path: "imagesTr", directoryHint: .isDirectory)
        let labels = folder.appending(path: "labelsTr", directoryHint: .isDirectory)
        guard FileManager.default.fileExists(atPath: images.path), FileManager.default.fileExists(atPath: labels.path) else { return nil }
        return try names(labels).compactMap { file in
            guard let stem = stem(file) else { return nil }
            guard let image = firstExisting(images, ["\(stem)_0000.nii.gz", "\(stem)_0000.nii", "\(stem).nii.gz"]) else {
                throw CommandFailure(.badData, "label \(file) has no image imagesTr/\(stem)_0000.nii.gz")
            }
            return LabelledCase(name: stem, image: image, label: .file(labels.appending(path: file)))
        }
    }

    /// TotalSegmentator's masks; S1, which version 2 cuts out of the sacrum, belongs to it here.
    private static func masks(_ folder: URL) -> [LabelledCase.Mask] {
        let names = LabelSet.spine25.labels.map { (file: $0.name == "sacrum" ? "sacrum" : "vertebrae_\($0.name)", value: $0.value) }
        let sacrum = LabelSet.spine25.highestValue
        return (names + [(file: "vertebrae_S1", value: sacrum)]).compactMap { name, value in
            firstExisting(folder, ["\(name).nii.gz", "\(name).nii"]).map { LabelledCase.Mask(value: value, file: $0) }
        }
    }

    private static func firstExisting(_ folder: URL, _ names: [String]) -> URL? {
        names.lazy.map { folder.appending(path: $0) }.first { FileManager.default.fileExists(atPath: $0.path) }
    }

    private static func names(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    static func stem(_ file: String) -> String? {
        [".nii.gz", ".nii"].lazy.compactMap { file.hasSuffix($0) ? String(file.dropLast($0.count)) : nil }.first
    }
}

extension LabelledCase {
    /// The label file ingestion will read: the case's own, or one made from its masks or from another numbering. Blocks; see `OwnThread`.
    ///
    /// - Parameter folder: where a made one is written.
    func labelFile(numbering: Numbering, into folder: URL) throws -> URL {
        let volume: Volume<UInt8>
        switch label {
        case .file(let file) where numbering == .columna: return file
        case .file(let file): volume = try NIfTI.readLabels(file).relabelled(by: numbering.table(to: .spine25))
        case .masks(let masks): volume = try Self.merged(masks)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let target = folder.appending(path: "\(name).nii.gz")
        try NIfTI.write(volume, to: target)
        return target
    }

    /// Where masks overlap, the upper vertebra wins.
    private static func merged(_ masks: [Mask]) throws -> Volume<UInt8> {
        var result: Volume<UInt8>?
        for mask in masks {
            let volume = try NIfTI.readLabels(mask.file)
            guard var merged = result else {
                result = volume.map { $0 == 0 ? 0 : mask.value }
                continue
            }
            guard volume.geometry.isSameGrid(as: merged.geometry) else {
                throw CommandFailure(.badData, "mask \(mask.file.lastPathComponent) is on another grid than the masks before it: \(volume.geometry), expected \(merged.geometry)")
            }
            result = nil
            merged.voxels.withUnsafeMutableBufferPointer { target in
                for (index, voxel) in volume.voxels.enumerated() where voxel != 0 && target[index] == 0 { target[index] = mask.value }
            }
            result = merged
        }
        guard let result else { throw CommandFailure(.badData, "a case has no masks") }
        return result
    }
}
