import Foundation
import Harness

/// The contract's own examples, good and bad, and what is hard on a JSON parser.
enum Seeds {
    static func write(to folder: URL) throws {
        for source in ["Contract/examples", "Contract/examples/invalid"] {
            try SeedFolder.copy(source, ending: ".json", largest: 4096, to: folder)
        }
        try Data(String(repeating: "[", count: 600).utf8).write(to: folder.appending(path: "nested.json"))
        try Data("{\"a\":1e9999,\"b\":-0.0,\"c\":\"\\ud83d\\ude00\\u0000\",\"a\":[]}".utf8).write(to: folder.appending(path: "odd.json"))
    }
}
