package import Anatomy
package import Faults
package import Foundation
import Volumes

/// A folder of one mask per structure, as TotalSegmentator writes them: `vertebrae_C1.nii.gz` …, `sacrum.nii.gz`. Files
/// of other names are other structures.
package struct MaskFolder: Sendable {
    private struct Mask {
        let name: String
        /// In the label set; nil: a vertebra that it does not have.
        let value: UInt8?
        let file: URL
    }

    /// Nil for files that are held open: no link can lead elsewhere.
    private let folder: URL?
    private let masks: [Mask]

    /// Nil for what is no folder, or has no mask of the label set.
    package init?(_ folder: URL, labelSet: LabelSet = .spine25, sacrum: SacrumExtent = .withS1) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return nil }
        self.init(names.map { ($0, folder.appending(path: $0)) }, folder: folder, labelSet: labelSet, sacrum: sacrum)
    }

    /// Files that are held open, under the names that they have in their folder; nil if there is no mask of the label
    /// set.
    package init?(held files: [String: URL], labelSet: LabelSet = .spine25, sacrum: SacrumExtent = .withS1) {
        self.init(files.map { ($0, $1) }, folder: nil, labelSet: labelSet, sacrum: sacrum)
    }

    private init?(
        _ files: [(name: String, place: URL)], folder: URL?, labelSet: LabelSet, sacrum: SacrumExtent
    ) {
        self.folder = folder
        let masks: [Mask] = files.sorted { $0.name < $1.name }.compactMap { file, place in
            guard
                let stem = [".nii.gz", ".nii"].lazy.compactMap({
                    file.hasSuffix($0) ? String(file.dropLast($0.count)) : nil
                }).first
            else { return nil }
            let isVertebra = stem.hasPrefix("vertebrae_")
            guard isVertebra || ["sacrum", "coccyx"].contains(stem) else { return nil }
            let name = isVertebra ? String(stem.dropFirst("vertebrae_".count)) : stem
            // Names go into messages: only those of vertebrae do.
            guard !isVertebra || name.wholeMatch(of: /[CTLS][0-9]{1,2}/) != nil else { return nil }
            return Mask(name: name, value: labelSet.value(ofBone: name, sacrum: sacrum), file: place)
        }
        guard masks.contains(where: { $0.value != nil }) else { return nil }
        // From the head down, so that where masks overlap the upper one is there first.
        self.masks = masks.sorted { ($0.value ?? .max, $0.name) < ($1.value ?? .max, $1.name) }
    }

    /// Whether there are masks of vertebrae that the label set does not have; they may be empty.
    package var hasStrangers: Bool { masks.contains { $0.value == nil } }

    /// One label map; where masks overlap the upper vertebra wins, which is said.
    func merged() throws -> (labels: Volume<UInt8>, losses: [Renumbering.Loss], remarks: [String]) {
        var (result, overlap, firstSegment): (Volume<UInt8>?, Int, Int) = (nil, 0, 0)
        var losses: [Renumbering.Loss] = []
        var remarks: [String] = []
        for mask in masks {
            let (header, volume) = try read(mask)
            for remark in header.remarks where !remarks.contains(remark) { remarks.append(remark) }
            var merged = result ?? volume.map { _ in 0 }
            guard volume.geometry.isSameGrid(as: merged.geometry) else {
                throw MaskFolderError(
                    .unusable,
                    "the mask of \(mask.name) is on another grid than those before it: \(volume.geometry), expected \(merged.geometry)"
                )
            }
            result = nil
            if let value = mask.value {
                overlap += Self.add(volume, as: value, to: &merged)
                if mask.name == "S1" { firstSegment = volume.voxels.count { $0 != 0 } }
            } else {
                let count = volume.voxels.count { $0 != 0 }
                if count > 0 {
                    losses.append(Renumbering.Loss(id: Int(volume.voxels.max() ?? 1), name: mask.name, voxels: count))
                }
            }
            result = merged
        }
        guard let result else { throw MaskFolderError(.unusable, "the folder has no masks") }
        if overlap > 0 {
            remarks.append("\(overlap) voxels are in the masks of two vertebrae: the upper one was taken")
        }
        return (result, losses, remarks + LabelMap.remarks(onFirstSegment: firstSegment))
    }

    /// - Returns: how many voxels were another vertebra's already.
    private static func add(_ mask: Volume<UInt8>, as value: UInt8, to merged: inout Volume<UInt8>) -> Int {
        var overlap = 0
        var target = merged.voxels.mutableSpan
        for (index, voxel) in mask.voxels.enumerated() where voxel != 0 {
            if target[index] == 0 { target[index] = value } else if target[index] != value { overlap += 1 }
        }
        return overlap
    }

    /// The folder was looked at by whoever let it be read; a link would lead elsewhere.
    private func read(_ mask: Mask) throws -> (header: NIfTIHeader, labels: Volume<UInt8>) {
        guard let folder else { return try NIfTI.readLabelsAndHeader(mask.file) }
        let place = mask.file.resolvingSymlinksInPath().standardizedFileURL.pathComponents
        guard place.starts(with: folder.resolvingSymlinksInPath().standardizedFileURL.pathComponents) else {
            throw MaskFolderError(
                .unusable,
                "the mask of \(mask.name) is a symbolic link that leads out of its folder, expected the file itself"
            )
        }
        return try NIfTI.readLabelsAndHeader(mask.file)
    }
}

/// Masks that are not of one label map.
package typealias MaskFolderError = CodedFault<MaskFolderErrorCode>

package enum MaskFolderErrorCode: String, FaultCode {
    case unusable = "masks-unusable"

    package var blame: Blame { .input }
}
