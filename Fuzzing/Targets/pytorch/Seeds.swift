import Foundation
import Harness
import PyTorchFiles
import TensorCore

enum Seeds {
    static func write(to folder: URL) throws {
        let small = Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3])
        try PyTorchFile.serialized([("a.weight", small), ("b", small)]).write(to: folder.appending(path: "small"))
        try SeedFolder.copy("Tests/Fixtures/pytorch", ending: ".pt", largest: 6000, to: folder)
    }
}
