import Faults
package import Foundation

/// How labelled CTs are kept together.
///
/// | Format | Image | Label |
/// |---|---|---|
/// | Columna | `NAME/ct.nii.gz` or `NAME/ct/` (DICOM) | `NAME/labels.nii.gz` |
/// | TotalSegmentator | `s0000/ct.nii.gz` | `s0000/segmentations/vertebrae_C1.nii.gz` …, `sacrum.nii.gz` |
/// | nnU-Net | `imagesTr/NAME_0000.nii.gz` | `labelsTr/NAME.nii.gz` (likewise Ts) |
/// | MONAI | a datalist names them | |
/// | VerSe 2020 (BIDS) | `rawdata/sub-X/sub-X_ct.nii.gz` | `derivatives/sub-X/sub-X_seg-vert_msk.nii.gz` |
/// | VerSe 2019 | `verse004.nii.gz` | `verse004_seg.nii.gz` |
/// | Pairs | `images/NAME.nii.gz`, or a table names them | `labels/NAME.nii.gz`, `NAME_seg.nii.gz` |
package enum DataSetFormat: String, Sendable, CaseIterable {
    case columna
    case totalSegmentator = "totalsegmentator"
    case nnUNet = "nnunet"
    case monai
    case verseBIDS = "verse-bids"
    case verseFlat = "verse-flat"
    case pairs

    /// As people call it.
    package var title: String {
        switch self {
        case .columna: "folders of CT and labels"
        case .totalSegmentator: "TotalSegmentator's data set"
        case .nnUNet: "nnU-Net's raw data"
        case .monai: "a MONAI datalist"
        case .verseBIDS: "VerSe's BIDS folders"
        case .verseFlat: "VerSe 2019's flat folder"
        case .pairs: "pairs of image and label"
        }
    }

    var reader: any DataSetReader.Type {
        switch self {
        case .columna: CaseFolders.self
        case .totalSegmentator: TotalSegmentatorFolder.self
        case .nnUNet: NNUNetFolder.self
        case .monai: MONAIDatalist.self
        case .verseBIDS: VerSeFolder.self
        case .verseFlat: FlatVerSeFolder.self
        case .pairs: PairedFiles.self
        }
    }

    /// Whether the labels have VerSe's numbers unless somebody renumbered them.
    var isVerSe: Bool { self == .verseBIDS || self == .verseFlat }

    /// The one that a folder or file is in. Blocks; see `OwnThread`.
    ///
    /// - Throws: `OperationError` (`badInput`) where there is nothing or it is in none, (`usage`) where it may be in
    ///   several.
    package init(of place: URL) throws {
        guard FileManager.default.fileExists(atPath: place.path) else {
            throw OperationError(.badInput, "there is no folder \(place.path)")
        }
        let candidates = try Self.allCases.filter { try $0.reader.recognises(place) }
        guard let first = candidates.first else {
            throw OperationError(
                .badInput,
                "no labelled cases in \(place.path), expected NAME/ct.nii.gz with NAME/labels.nii.gz (or NAME/segmentations/vertebrae_*.nii.gz), imagesTr and labelsTr, "
                    + "rawdata and derivatives as VerSe has them, images and labels, or a datalist or table that names them"
            )
        }
        guard candidates.count == 1 else {
            throw OperationError(
                .usage,
                "\(place.path) may be \(candidates.map { "\($0.title) (--format \($0.rawValue))" }.joined(separator: " or ")): say which with --format"
            )
        }
        self = first
    }
}
