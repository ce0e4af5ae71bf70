import Anatomy
import Foundation

/// What nnU-Net's dataset.json or a MONAI datalist calls its labels: by whatever numbers, which nothing else in the
/// folder says.
struct StatedLabels: Sendable {
    private let names: [Int: String]

    /// Nil where there is no such file, or it names no labels; version 2 maps names to values, version 1 values to
    /// names.
    init?(file: URL) {
        guard let data = try? Data(contentsOf: file),
            let document = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let labels = document["labels"] as? [String: Any]
        else { return nil }
        var names: [Int: String] = [:]
        for (key, value) in labels {
            if let number = (value as? NSNumber)?.intValue {
                names[number] = key
            } else if let name = value as? String, let number = Int(key) {
                names[number] = name
            }
        }
        names[0] = nil
        guard !names.isEmpty else { return nil }
        self.names = names
    }

    /// The first label that has another name in `numbering`; `vertebrae_L1` is L1.
    func contradiction(to numbering: Numbering) -> String? {
        let own = numbering.names
        for (value, name) in names.sorted(by: { $0.key < $1.key }) {
            let words = name.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
            if let expected = own[value], !words.contains(expected.uppercased()) {
                return "label \(value) '\(name)', which \(numbering.rawValue) has for \(expected)"
            }
            if own[value] == nil { return "label \(value) '\(name)', which \(numbering.rawValue) does not have" }
        }
        return nil
    }
}
