import Faults
package import Foundation

/// nnU-Net's dataset.json as far as a model needs it.
package struct NNUNetDataset {
    package let channels: [String]
    /// The names of the values 0, 1, 2 … the network tells apart; `background` is the first.
    package let labels: [String]

    /// - Throws: `malformedSettings`, or `unsupported` for regions and for labels with gaps.
    package init(json: Data) throws {
        let dataset = try PythonJSON.object(json, name: "dataset.json", owner: "nnU-Net")
        guard let labels = dataset["labels"] as? [String: Any] else {
            throw PyTorchFileError(
                .malformedSettings, "dataset.json is not nnU-Net's: an object with labels is expected")
        }
        channels = try Self.channels(dataset["channel_names"] ?? dataset["modality"])
        self.labels = try Self.labels(labels)
    }

    private static func channels(_ value: Any?) throws -> [String] {
        guard let value else { return [] }
        guard let names = value as? [String: String] else {
            throw PyTorchFileError(
                .malformedSettings,
                "dataset.json: channel_names must give each channel's number a name, such as {\"0\": \"CT\"}")
        }
        return names.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map(\.value)
    }

    /// A label's value may be a text of its number or a list of one, as nnU-Net's `LabelManager` takes them; longer
    /// lists are regions.
    private static func labels(_ labels: [String: Any]) throws -> [String] {
        let isTurned =
            !labels.isEmpty
            && labels.allSatisfy { Int($0.key) != nil && ($0.value as? String).map { Int($0) == nil } ?? false }
        guard !isTurned else {
            throw PyTorchFileError(
                .malformedSettings,
                "dataset.json: labels are the other way round, number to name, as nnU-Net v1 wrote them; v2 has {\"background\": 0, …}: turn them round"
            )
        }
        let values = try labels.filter { $0.key != "ignore" }.map { name, value in
            if let list = value as? [Any], list.count > 1 {
                throw PyTorchFileError(
                    .unsupported,
                    "dataset.json: the label \(name.prefix(60)) is a region of several values; Columna runs models whose labels exclude each other"
                )
            }
            guard let value = whole((value as? [Any])?.first ?? value) else {
                throw PyTorchFileError(
                    .malformedSettings,
                    "dataset.json: the label \(name.prefix(60)) must have a whole number, got \("\(value)".prefix(60))")
            }
            return (name: name, value: value)
        }.sorted { $0.value < $1.value }
        guard values.map(\.value) == Array(values.indices), values.count >= 2 else {
            throw PyTorchFileError(
                .malformedSettings,
                "dataset.json: labels must be 0, 1, 2 … without gaps, got \(values.map(\.value).prefix(300))")
        }
        return values.map(\.name)
    }

    private static func whole(_ value: Any) -> Int? {
        if let text = value as? String { return Int(text.trimmingCharacters(in: .whitespaces)) }
        return value as? Int
    }
}
