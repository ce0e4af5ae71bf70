import Anatomy
import JobEngine
import LabelMaps
import Site
import Volumes

/// A label map that somebody sends, and how it is to be read.
struct LabelInput {
    let input: HeldInput
    let numbering: Numbering
    let sacrum: SacrumExtent

    /// - Throws: `JobFailure` of class `data` for words that are none of ours.
    init(_ input: HeldInput, numbering: String?, sacrum: String? = nil) throws {
        guard let numbering = numbering.map(Numbering.init(rawValue:)) ?? .columna else {
            throw JobFailure(
                class: .data, code: "numbering-unknown",
                reason:
                    "the label's numbering is not known, expected one of \(Numbering.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        guard let sacrum = sacrum.map(SacrumExtent.init(rawValue:)) ?? .withS1 else {
            throw JobFailure(
                class: .data, code: "sacrum-unknown",
                reason:
                    "what belongs to the sacrum is not known, expected one of \(SacrumExtent.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        (self.input, self.numbering, self.sacrum) = (input, numbering, sacrum)
    }

    /// On exactly the CT's geometry, so that a rounding in the label's header does not travel on.
    ///
    /// - Throws: `JobFailure` of class `data`.
    func read(on geometry: Geometry) throws -> LabelMap {
        var labels = try read()
        // A tenth of a millimetre: less than a voxel of any CT, more than single-precision headers of the same grid
        // differ by.
        guard let laid = labels.labels.laid(on: geometry, toleranceInMillimetres: 0.1) else {
            throw JobFailure(
                class: .data, code: "label-grid-mismatch",
                reason:
                    "labels are not on the CT's grid: CT \(geometry), labels \(labels.labels.geometry); resample the labels onto the CT first"
            )
        }
        labels.labels = laid
        return labels
    }

    /// A NIfTI file, or a folder of one mask per vertebra.
    private func read() throws -> LabelMap {
        guard case .file(let source) = input.content else {
            guard let masks = MaskFolder(held: input.entries, sacrum: sacrum) else {
                throw JobFailure(
                    class: .data, code: "path-not-regular",
                    reason:
                        "the label's path is a folder without masks, expected a NIfTI file, or a folder of masks such as vertebrae_L1.nii.gz"
                )
            }
            return try JobFailure.reading("label", isNamed: true) { try LabelMap(masks) }
        }
        do {
            return try LabelMap(source, numbering: numbering, sacrum: sacrum)
        } catch {
            var failure = JobFailure(reading: "label", isNamed: true, error)
            if error is NumberingError {
                failure.reason +=
                    "; say how it is numbered (`--numbering`, or numbering in the message), or renumber it first"
            }
            throw failure
        }
    }
}
