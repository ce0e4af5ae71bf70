import Foundation
import Harness
import PyTorchFiles
import TensorCore

enum Seeds {
    static func write(to folder: URL) throws {
        let small = Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3])
        try PyTorchFile.serialized([("a.weight", small), ("b", small)]).write(to: folder.appending(path: "small"))
        let beside: [(String, PickleItem)] = [
            ("seed", .integer(.max)),
            ("state_dict", .tensors([("module.net.convInit.conv.weight", 0), ("n_averaged", 1)])),
            ("ema", .tensors([("a", 1)])),
        ]
        try PyTorchFile.serialized(.dictionary(beside), storages: [small, small]).write(
            to: folder.appending(path: "wrapped"))
        for (index, object) in objects.enumerated() {
            try older(object).write(to: folder.appending(path: "object-\(index)"))
        }
        try SeedFolder.copy("Tests/Fixtures/pytorch", ending: ".pt", largest: 6000, to: folder)
    }

    /// The older format with an object and no storages.
    private static func older(_ object: [UInt8]) -> Data {
        var data = Data([
            0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E, 0x80, 2, 0x4D, 0xE9,
            0x03, 0x2E, 0x80, 2, 0x7D, 0x2E,
        ])
        data.append(contentsOf: [0x80, 4])
        data.append(contentsOf: object)
        data.append(contentsOf: [0x2E, 0x80, 2, 0x5D, 0x2E])
        return data
    }

    /// Long numbers, an array of NumPy with its state, a counter, a path, a tensor of a class of its own.
    private static let objects: [[UInt8]] = {
        func joined(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined()) }
        func global(_ name: String) -> [UInt8] { Array("c\(name)\n".utf8) }
        let type = joined([global("numpy\ndtype"), [0x8C, 2, 0x69, 0x38, 0x89, 0x88, 0x87, 0x52]])
        let array = joined([
            global("numpy.core.multiarray\n_reconstruct"), global("numpy\nndarray"),
            [0x4B, 0, 0x85, 0x43, 1, 0x62, 0x87, 0x52, 0x28, 0x4B, 1, 0x4B, 1, 0x85], type,
            [0x89, 0x43, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0x74, 0x62],
        ])
        let long: [UInt8] = [0x8A, 9, 1, 2, 3, 4, 5, 6, 7, 0x88, 0]
        let longer = joined([[0x8B, 12, 0, 0, 0], [UInt8](repeating: 0x7F, count: 12)])
        let counter = joined([global("collections\nCounter"), [0x7D, 0x4B, 10, 0x4B, 1, 0x73, 0x85, 0x52]])
        let path = joined([global("pathlib._local\nPosixPath"), [0x8C, 1, 0x61, 0x85, 0x52]])
        let subclass = joined([
            global("torch._tensor\n_rebuild_from_type_v2"), global("torch\nSize"), [0x4E, 0x29, 0x87, 0x52],
        ])
        return [long, longer, array, counter, path, subclass]
    }()
}
