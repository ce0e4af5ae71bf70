import Faults
import Foundation

/// VerSe 2020 as published: rawdata and derivatives, or folders that have them (01_training, 02_validation …).
struct VerSeFolder: DataSetReader {
    private static let ending = "_seg-vert_msk"

    private static func roots(_ place: URL) -> [URL] {
        let found = DataSetFiles.withSubfolders(place).filter { folder in
            ["rawdata", "derivatives"].allSatisfy { DataSetFiles.isFolder(folder.appending(path: $0)) }
        }
        return found.first == place ? [place] : found
    }

    static func recognises(_ place: URL) -> Bool { !roots(place).isEmpty }

    static func read(_ place: URL) throws -> DataSetContents {
        var contents = DataSetContents()
        for root in roots(place) { try read(root, into: &contents) }
        guard !contents.cases.isEmpty || !contents.unreadable.isEmpty else {
            throw OperationError(
                .badInput,
                "derivatives has no label, expected derivatives/sub-X/sub-X\(ending).nii.gz"
                    + contents.remarks.map { "; \($0)" }.joined())
        }
        contents.cases.sort { $0.name < $1.name }
        return contents
    }

    private static func read(_ root: URL, into contents: inout DataSetContents) throws {
        let (images, labels) = (
            try DataSetFiles.files(below: root.appending(path: "rawdata")),
            try DataSetFiles.files(below: root.appending(path: "derivatives"))
        )
        try DataSetFiles.refuseOtherFormats(
            labels.filter { DataSetFiles.stemBeforeDots($0).hasSuffix(ending) && DataSetFiles.stem($0) == nil },
            in: "derivatives")
        // Folders within a subject (sessions) may differ between the two; a scan's name is unique.
        let scans = Dictionary(
            images.compactMap { path in scan(path, ending: "_ct").map { ($0, path) } },
            uniquingKeysWith: { first, _ in first })
        var labelled = Set<String>()
        for path in labels {
            guard let name = scan(path, ending: ending) else { continue }
            labelled.insert(name)
            if let image = scans[name] {
                contents.cases.append(
                    LabelledCase(
                        name: name, image: root.appending(path: "rawdata/\(image)"),
                        label: root.appending(path: "derivatives/\(path)")))
            } else {
                contents.unreadable.append(
                    DataSetContents.LeftOut(
                        name: name, reason: "label derivatives/\(path) has no image \(name)_ct.nii.gz in rawdata"))
            }
        }
        contents.note(
            Set(scans.keys).subtracting(labelled).sorted(), "has no label in derivatives",
            "have no label in derivatives")
    }

    private static func scan(_ path: String, ending: String) -> String? {
        guard let stem = DataSetFiles.stem(String(path.split(separator: "/").last ?? "")), stem.hasSuffix(ending)
        else { return nil }
        return String(stem.dropLast(ending.count))
    }
}
