import Foundation
import Harness
import Networks
import Plans

enum Seeds {
    static func write(to folder: URL) throws {
        try Plan().json().write(to: folder.appending(path: "standard.json"))
        try Data("{}".utf8).write(to: folder.appending(path: "empty.json"))
        for architecture in Architecture.allCases {
            let text = "{\"network\":{\"architecture\":\"\(architecture.rawValue)\"}}"
            try Data(text.utf8).write(to: folder.appending(path: "\(architecture.rawValue).json"))
        }
    }
}
