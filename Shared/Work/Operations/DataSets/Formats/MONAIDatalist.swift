import Faults
import Foundation
import Studies

/// A datalist as MONAI's `load_decathlon_datalist` and Auto3DSeg read it: `{"training": [{"image": …, "label": …,
/// "fold": 0}, …], "validation": […], "test": […]}`, paths relative to the file.
struct MONAIDatalist: DataSetReader {
    private static let sections = [
        "training": DataSetCase.trainingSplit, "train": DataSetCase.trainingSplit,
        "validation": DataSetCase.validationSplit, "val": DataSetCase.validationSplit, "test": "test",
        "testing": "test",
    ]

    static func recognises(_ place: URL) throws -> Bool { try !lists(place).isEmpty }

    /// The file itself, or those of a folder. Where dataset.json lies beside imagesTr and labelsTr (the Medical
    /// Segmentation Decathlon's, nnU-Net's of before), the folders say the same.
    private static func lists(_ place: URL) throws -> [URL] {
        guard DataSetFiles.isFolder(place) else { return place.pathExtension == "json" ? [place] : [] }
        let names = DataSetFiles.names(orNone: place)
        let files = names.filter { $0.hasPrefix("datalist") && $0.hasSuffix(".json") }
        guard files.isEmpty else { return files.map { place.appending(path: $0) } }
        let file = place.appending(path: "dataset.json")
        guard !["imagesTr", "labelsTr"].allSatisfy(names.contains), DataSetFiles.isThere(file) else { return [] }
        return entries(of: file, "training")?.contains { $0 is [String: Any] } == true ? [file] : []
    }

    private static func entries(of file: URL, _ section: String) -> [Any]? { document(file)?[section] as? [Any] }

    private static func document(_ file: URL) -> [String: Any]? {
        (try? Data(contentsOf: file)).flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: Any]
    }

    static func read(_ place: URL) throws -> DataSetContents {
        let lists = try lists(place)
        guard let file = lists.first else {
            throw OperationError(
                .badInput,
                "\(place.lastPathComponent) has no datalist, expected datalist.json or dataset.json with \"training\"")
        }
        guard lists.count == 1 else {
            throw OperationError(
                .usage,
                "there are \(lists.map(\.lastPathComponent).joined(separator: " and ")): name the one that is meant")
        }
        guard let document = document(file) else {
            throw OperationError(.badInput, "\(file.lastPathComponent) is no JSON object, expected a datalist")
        }
        var (pairs, contents) = (NamedPairs(folder: file.deletingLastPathComponent()), DataSetContents())
        var unlabelled: [String] = []
        for (section, split) in sections.sorted(by: { $0.key < $1.key }) {
            for (place, entry) in (document[section] as? [Any] ?? []).enumerated() {
                let fields = entry as? [String: Any] ?? [:]
                guard let image = fields["image"] as? String, let label = fields["label"] as? String else {
                    if let image = entry as? String ?? (fields["label"] == nil ? fields["image"] as? String : nil) {
                        unlabelled.append(image)
                    } else {
                        contents.unreadable.append(
                            DataSetContents.LeftOut(
                                name: "\(section)[\(place)]",
                                reason: "expected one image and one label, each the path of a file"))
                    }
                    continue
                }
                pairs.add(image: image, label: label, split: split, fold: (fields["fold"] as? NSNumber)?.intValue)
            }
        }
        guard !pairs.isEmpty || !contents.unreadable.isEmpty else {
            throw OperationError(
                .badInput,
                "\(file.lastPathComponent) lists no image with a label, expected {\"training\": [{\"image\": PATH, \"label\": PATH}, …]}"
            )
        }
        contents.cases = try pairs.named()
        contents.stated = StatedLabels(file: file)
        contents.note(unlabelled, "is listed without a label", "are listed without labels")
        return contents
    }
}
