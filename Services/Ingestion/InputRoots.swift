import Foundation
import JobEngine

/// The folders that studies may be read from. A message names a path; whoever can publish must not read the whole host through it.
struct InputRoots {
    private let roots: [URL]

    init(_ roots: [URL]) {
        self.roots = roots.map { $0.resolvingSymlinksInPath().standardizedFileURL }
    }

    /// The path with all symbolic links resolved, if it exists and lies inside a root.
    ///
    /// - Throws: `JobFailure` of class `data`. The path itself is not in the reason: its name may be a patient's.
    func resolve(_ path: String, what: String) throws -> URL {
        guard path.hasPrefix("/") else {
            throw JobFailure(class: .data, code: "path-relative", reason: "the \(what)'s path is relative, expected an absolute path")
        }
        let resolved = URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL
        guard roots.contains(where: { Self.contains($0, resolved) }) else {
            throw JobFailure(
                class: .data, code: "path-outside-roots",
                reason: "the \(what)'s path lies outside the \(roots.count) allowed input roots: add its folder to COLUMNA_INPUT_ROOTS of columna-ingestion, or on a local stack run: columna local up --input-root FOLDER")
        }
        guard FileManager.default.fileExists(atPath: resolved.path) else {
            throw JobFailure(
                class: .data, code: "path-missing", reason: "the \(what)'s path does not exist on this host: mount the folder or submit the right path")
        }
        // Opening a named pipe or a device would wait for ever.
        let type = try? FileManager.default.attributesOfItem(atPath: resolved.path)[.type] as? FileAttributeType
        guard type == .typeRegular || type == .typeDirectory else {
            throw JobFailure(
                class: .data, code: "path-not-regular", reason: "the \(what)'s path is neither a file nor a folder: submit one that is")
        }
        guard FileManager.default.isReadableFile(atPath: resolved.path) else {
            throw JobFailure(
                class: .data, code: "path-not-readable", reason: "the \(what)'s path is not readable by this worker: give its user read access")
        }
        return resolved
    }

    private static func contains(_ root: URL, _ path: URL) -> Bool {
        path.pathComponents.starts(with: root.pathComponents)
    }
}
