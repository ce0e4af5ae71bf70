import Foundation

/// A folder that goes with the object.
final class ScratchFolder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "columna-dicomweb-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] }
}
