package import Anatomy
package import Foundation
package import Volumes

/// A label map from outside in a label set's numbers, and what must be said of it wherever it is measured, learned from
/// or sent.
package struct LabelMap: Sendable {
    package var labels: Volume<UInt8>
    /// Labels that the set does not have: their voxels are background here.
    package let losses: [Renumbering.Loss]
    /// What was assumed in reading it, losses included; nothing for most.
    package let remarks: [String]

    /// Reads a NIfTI file numbered so, or a folder of one mask per vertebra (`MaskFolder`), whose names are its
    /// numbering.
    ///
    /// Throws `VolumeError` of the file, `NumberingError` where the file is numbered otherwise, `MaskFolderError`.
    /// Blocks.
    package init(
        _ source: URL, numbering: Numbering = .columna, labelSet: LabelSet = .spine25, sacrum: SacrumExtent = .withS1
    ) throws {
        if let masks = MaskFolder(source, labelSet: labelSet, sacrum: sacrum) {
            self = try LabelMap(masks, labelSet: labelSet)
            return
        }
        let (header, read) = try NIfTI.readLabelsAndHeader(source)
        let renumbering = try Renumbering(numbering, to: labelSet, sacrum: sacrum, voxels: read.labelCounts)
        let labels = numbering == .columna ? read : read.relabelled(by: renumbering.table)
        // A map that Columna wrote remembers what it lost before.
        let earlier = header.note.map { [$0] } ?? []
        self.init(
            labels: labels, losses: renumbering.losses, labelSet: labelSet,
            remarks: header.remarks + earlier + Self.remarks(onFirstSegment: renumbering.firstSegmentVoxels))
    }

    static func remarks(onFirstSegment voxels: Int) -> [String] {
        voxels > 0 ? ["S1 (\(voxels) voxels) counts as sacrum"] : []
    }

    /// Merges masks. Throws `VolumeError` of a file, `MaskFolderError`. Blocks.
    package init(_ masks: MaskFolder, labelSet: LabelSet = .spine25) throws {
        let merged = try masks.merged()
        self.init(labels: merged.labels, losses: merged.losses, labelSet: labelSet, remarks: merged.remarks)
    }

    private init(labels: Volume<UInt8>, losses: [Renumbering.Loss], labelSet: LabelSet, remarks: [String]) {
        self.labels = labels
        self.losses = losses
        self.remarks =
            remarks + (losses.phrase.map { ["\(labelSet.name) has no \($0): they count as background"] } ?? [])
    }

    /// For `NIfTI.write`: the losses travel with the bytes. Nil where there are none.
    package var note: String? { losses.shortPhrase.map { "left out: " + $0 } }
}
