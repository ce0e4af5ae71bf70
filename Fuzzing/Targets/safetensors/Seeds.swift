import Foundation
import Harness
import TensorCore

enum Seeds {
    static func write(to folder: URL) throws {
        let small = Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3])
        try Safetensors.serialized([("a", small), ("b.weight", small)], metadata: ["plan": "{}"]).write(
            to: folder.appending(path: "small"))
        try Safetensors.serialized([("module.net.a", small), ("n_averaged", Tensor([3], shape: []))], metadata: [:])
            .write(to: folder.appending(path: "wrapped"))
        try Data("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8).write(
            to: folder.appending(path: "pointer"))
        try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]).write(to: folder.appending(path: "gzip"))
        try Safetensors.serialized([]).write(to: folder.appending(path: "empty"))
        try SeedFolder.copy("Tests/Fixtures/pytorch", ending: ".safetensors", largest: 4096, to: folder)
    }
}
