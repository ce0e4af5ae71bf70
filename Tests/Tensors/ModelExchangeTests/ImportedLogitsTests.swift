import Foundation
import ModelExchange
import Networks
import Plans
import TensorCore
import TestSupport
import Testing

/// Whole models through the whole way: what PyTorch's network answered, ours answers from the imported file.
@Suite struct ImportedLogitsTests {
    @Test(arguments: [
        ("segresnet-prefixed.pt", "segresnet"), ("nnunet-plain.zip", "nnunet-plain"), ("nnunet-old", "nnunet-plain"),
        ("nnunet-residual", "nnunet-residual"),
        ("nnunet-residual/fold_0/checkpoint_final.pth", "nnunet-residual"),
    ]) func anImportedModelAnswersAsInPyTorch(path: String, expected: String) throws {
        let imported = try ModelImport().read(Fixtures.url("pytorch/\(path)"))
        let expected = try Safetensors.read(Fixtures.url("pytorch/\(expected)-logits.safetensors"))
        let truth = try expected.tensor("logits")
        let logits = try imported.model.network.logits(expected.tensor("input"))
        // The fast path's allowance.
        #expect(Comparison.error(logits, truth) <= 3e-4)
        // And once more from the model file it is stored as.
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: url) }
        try imported.data().write(to: url)
        #expect(try ModelImport().read(url).model.network.logits(expected.tensor("input")).values == logits.values)
    }
}
