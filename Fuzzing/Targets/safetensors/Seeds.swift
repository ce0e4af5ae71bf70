import Foundation
import Harness
import TensorCore

enum Seeds {
    static func write(to folder: URL) throws {
        let small = Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3])
        try Safetensors.serialized([("a", small), ("b.weight", small)], metadata: ["plan": "{}"]).write(to: folder.appending(path: "small"))
        try Safetensors.serialized([]).write(to: folder.appending(path: "empty"))
        try SeedFolder.copy("Tests/Fixtures/pytorch", ending: ".safetensors", largest: 4096, to: folder)
    }
}
