import Foundation

/// A checkpoint of nnU-Net's trainer: the weights, and what they were trained as.
package struct NNUNetCheckpoint {
    /// Every parameter once, under the name Columna's networks have for it.
    package let weights: StateDictionary
    package let configuration: String
    package let trainer: String
    /// Axes of the network's input (0 depth, 1 height, 2 width) nnU-Net mirrors along when it predicts.
    package let mirroringAxes: [Int]
    package let fold: String
    /// plans.json and dataset.json, which a checkpoint carries too.
    package let plans: PickleValue?
    package let dataset: PickleValue?

    package static func isCheckpoint(_ file: PyTorchFile) -> Bool {
        file.graph.value("network_weights", of: file.graph.root) != nil && file.graph.value("init_args", of: file.graph.root) != nil
    }

    /// - Throws: `malformedSettings` if the file is no checkpoint of nnU-Net, `malformedTensor`.
    package init(_ file: PyTorchFile) throws {
        let (graph, root) = (file.graph, file.graph.root)
        guard let weights = graph.value("network_weights", of: root), let arguments = graph.value("init_args", of: root),
            let configuration = graph.text(graph.value("configuration", of: arguments))
        else {
            throw PyTorchFileError(.malformedSettings, "the checkpoint is not nnU-Net's: network_weights and init_args with a configuration are expected")
        }
        self.configuration = configuration
        trainer = graph.text(graph.value("trainer_name", of: root)) ?? "nnUNetTrainer"
        mirroringAxes = graph.integers(graph.value("inference_allowed_mirroring_axes", of: root)) ?? []
        guard Set(mirroringAxes).count == mirroringAxes.count, mirroringAxes.allSatisfy((0..<3).contains) else {
            throw PyTorchFileError(.malformedSettings, "the checkpoint's mirroring axes must be among 0, 1, 2, got \(mirroringAxes.prefix(8))")
        }
        fold =
            switch graph.value("fold", of: arguments) {
            case .integer(let number): String(number)
            case .text(let text): String(text.prefix(20))
            default: "?"
            }
        plans = graph.value("plans", of: arguments)
        dataset = graph.value("dataset_json", of: arguments)
        var state = try StateDictionary(weights, of: file)
        try state.rename(Self.canonicalName)
        self.weights = state
    }

    /// nnU-Net's modules know their layers under several names, and the decoder knows the encoder.
    private static func canonicalName(_ name: String) -> String {
        let own = name.hasPrefix("decoder.encoder.") ? String(name.dropFirst("decoder.".count)) : name
        return own.replacingOccurrences(of: ".all_modules.0.", with: ".conv.").replacingOccurrences(of: ".all_modules.1.", with: ".norm.")
    }
}
