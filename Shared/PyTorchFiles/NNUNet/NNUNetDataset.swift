package import Foundation

/// nnU-Net's dataset.json as far as a model needs it.
package struct NNUNetDataset {
    package let channels: [String]
    /// The names of the values 0, 1, 2 … the network tells apart; `background` is the first.
    package let labels: [String]

    /// - Throws: `malformedSettings`, or `unsupported` for regions and for labels with gaps.
    package init(json: Data) throws {
        guard let dataset = try? JSONSerialization.jsonObject(with: json) as? [String: Any], let labels = dataset["labels"] as? [String: Any] else {
            throw PyTorchFileError(.malformedSettings, "dataset.json is not nnU-Net's: one JSON object with labels is expected")
        }
        let named = dataset["channel_names"] ?? dataset["modality"]
        channels = (named as? [String: String] ?? [:]).sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map(\.value)
        let values = try labels.filter { $0.key != "ignore" }.map { name, value in
            guard let value = value as? Int else {
                throw PyTorchFileError(
                    .unsupported, "dataset.json: the label \(name.prefix(60)) is a region of several values; Columna runs models whose labels exclude each other")
            }
            return (name: name, value: value)
        }.sorted { $0.value < $1.value }
        guard values.map(\.value) == Array(values.indices), values.count >= 2 else {
            throw PyTorchFileError(.malformedSettings, "dataset.json: labels must be 0, 1, 2 … without gaps, got \(values.map(\.value).prefix(300))")
        }
        self.labels = values.map(\.name)
    }
}
