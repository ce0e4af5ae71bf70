import Foundation

/// VerSe 2019 as published: `verse004.nii.gz` and `verse004_seg.nii.gz` in one folder.
struct FlatVerSeFolder: DataSetReader {
    static func recognises(_ place: URL) -> Bool {
        DataSetFiles.names(orNone: place).contains {
            DataSetFiles.stem($0)?.wholeMatch(of: /verse[0-9]+(_.*)?_seg/) != nil
        }
    }

    static func read(_ place: URL) throws -> DataSetContents { try PairedFiles.read(flat: place) }
}
