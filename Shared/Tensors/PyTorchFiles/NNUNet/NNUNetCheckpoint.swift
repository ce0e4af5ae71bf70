import Faults
import Foundation
import TensorCore

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
        file.graph.value("network_weights", of: file.graph.root) != nil
            && file.graph.value("init_args", of: file.graph.root) != nil
    }

    /// Whether a trainer of nnU-Net v1 wrote it.
    package static func isFirstVersion(_ file: PyTorchFile) -> Bool {
        let (graph, root) = (file.graph, file.graph.root)
        return graph.value("state_dict", of: root) != nil
            && (graph.value("plot_stuff", of: root) ?? graph.value("best_stuff", of: root)) != nil
    }

    /// - Throws: `malformedSettings` if the file is no checkpoint of nnU-Net, `malformedTensor`.
    package init(_ file: PyTorchFile) throws {
        let (graph, root) = (file.graph, file.graph.root)
        guard let weights = graph.value("network_weights", of: root),
            let arguments = graph.value("init_args", of: root),
            let configuration = graph.text(graph.value("configuration", of: arguments))
        else {
            throw PyTorchFileError(
                .malformedSettings,
                "the checkpoint is not nnU-Net's: network_weights and init_args with a configuration are expected")
        }
        self.configuration = configuration
        trainer = graph.text(graph.value("trainer_name", of: root)) ?? "nnUNetTrainer"
        mirroringAxes = try Self.mirroringAxes(of: file)
        fold =
            switch graph.value("fold", of: arguments) {
            case .integer(let number): String(number)
            case .text(let text): String(text.prefix(20))
            default: "?"
            }
        plans = graph.value("plans", of: arguments)
        dataset = graph.value("dataset_json", of: arguments)
        var state = try StateDictionary(weights, of: file)
        for anchor in Self.anchors { try state.unwrap(anchor: anchor) }
        try state.rename(Self.canonicalName)
        self.weights = state
    }

    /// The first convolutions of nnU-Net's two networks, under the shorter of the names a checkpoint has for them.
    private static let anchors = ["encoder.stem.convs.0.conv.weight", "encoder.stages.0.0.convs.0.conv.weight"]

    /// A tuple or list, and what people have made of it: an array of NumPy, a tensor. Anything else must not pass for
    /// none.
    private static func mirroringAxes(of file: PyTorchFile) throws -> [Int] {
        let value = file.graph.value("inference_allowed_mirroring_axes", of: file.graph.root)
        let axes: [Int]?
        switch value {
        case nil, PickleValue.none?: return []
        case .tensor(let index):
            let tensor = file.graph.tensors[index]
            let whole =
                tensor.count <= 3
                ? try tensor.dense(in: file.storages.bytes(tensor.storage)).values.compactMap { Int(exactly: $0) } : []
            axes = whole.count == tensor.count ? whole : nil
        default: axes = file.graph.integers(value)
        }
        guard let axes, Set(axes).count == axes.count, axes.allSatisfy((0..<3).contains) else {
            let found = axes.map { "\($0.prefix(8))" } ?? "something that is no list of whole numbers"
            throw PyTorchFileError(
                .malformedSettings,
                "the checkpoint's inference_allowed_mirroring_axes must be among 0, 1, 2, got \(found)")
        }
        return axes
    }

    /// nnU-Net's modules know their layers under several names, and the decoder knows the encoder.
    private static func canonicalName(_ name: String) -> String {
        let own = name.hasPrefix("decoder.encoder.") ? String(name.dropFirst("decoder.".count)) : name
        return own.replacingOccurrences(of: ".all_modules.0.", with: ".conv.").replacingOccurrences(
            of: ".all_modules.1.", with: ".norm.")
    }
}
