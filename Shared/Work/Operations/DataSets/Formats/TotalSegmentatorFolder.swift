import Documents
import Faults
import Foundation
import LabelMaps

/// `s0000/ct.nii.gz` with one mask a structure in `s0000/segmentations`, and `meta.csv`. The folder itself may be one
/// case.
struct TotalSegmentatorFolder: DataSetReader {
    private static func masks(of folder: URL) -> URL {
        folder.appending(path: "segmentations", directoryHint: .isDirectory)
    }

    static func recognises(_ place: URL) -> Bool {
        DataSetFiles.withSubfolders(place).contains { DataSetFiles.isFolder(masks(of: $0)) }
    }

    static func read(_ place: URL) throws -> DataSetContents {
        var contents = DataSetContents()
        var (unlabelled, boneless): ([String], [String]) = ([], [])
        let splits = try officialSplits(place)
        let isSingle = DataSetFiles.isFolder(masks(of: place))
        for folder in isSingle ? [place] : Array(DataSetFiles.withSubfolders(place).dropFirst()) {
            let name = folder.standardizedFileURL.lastPathComponent
            let masks = masks(of: folder)
            do throws(DataSetFiles.Ambiguity) {
                let image = try DataSetFiles.onlyOne(folder, ["ct.nii.gz", "ct.nii", "ct"])
                if MaskFolder(masks) != nil {
                    contents.add(name, image: image, label: masks, split: splits[name])
                } else if DataSetFiles.isFolder(masks) {
                    boneless.append(name)
                } else if image != nil {
                    unlabelled.append(name)
                }
            } catch {
                contents.unreadable.append(DataSetContents.LeftOut(name: name, reason: error.reason))
            }
        }
        contents.note(unlabelled, "has a CT without masks", "have a CT without masks")
        contents.note(boneless, "has no mask of a vertebra", "have no mask of a vertebra")
        if !splits.isEmpty {
            let counts = Dictionary(grouping: splits.values) { $0 }.map { (count: $0.value.count, name: $0.key) }
                .sorted { ($1.count, $0.name) < ($0.count, $1.name) }.map { "\($0.count) \($0.name)" }
            contents.remarks.append("meta.csv has an official split (\(counts.joined(separator: ", ")))")
        }
        return contents
    }

    /// By case; empty where there is no `meta.csv`, or it has no splits.
    private static func officialSplits(_ place: URL) throws -> [String: String] {
        guard let data = try? Data(contentsOf: place.appending(path: "meta.csv")) else { return [:] }
        let table: DelimitedText
        do {
            table = try DelimitedText(String(decoding: data, as: UTF8.self))
        } catch let error as DelimitedTextError {
            throw OperationError(.badInput, "meta.csv: \(error)")
        }
        let splits = table.records.compactMap { record in
            record["image_id"].flatMap { name in record["split"].map { (name, $0) } }
        }
        return Dictionary(splits, uniquingKeysWith: { first, _ in first })
    }
}
