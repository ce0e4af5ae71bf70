package import DICOMSeries
import Faults
import Files
package import Foundation
import Glibc

/// What a message named, held open: whoever renames it, or puts a link in its place or in the place of what lies in it,
/// changes nothing of what is read through this object. Nothing is copied; every path leads through a descriptor, for
/// as long as the object lives.
package final class HeldInput: Sendable {
    package enum Content: Sendable {
        /// A file under a name of its own that ends as the original's does, with the other half of a NIfTI pair beside
        /// it.
        case file(URL)
        /// All files of a folder and of the folders in it. Links are not followed.
        case folder(StudyFiles)
    }

    package let content: Content
    /// Of a folder the files that lie in it directly, under their names. Never shown.
    package let entries: [String: URL]
    private let places: [Place]
    /// Of links to the descriptors; nobody else may look into it.
    private let names: PrivateFolder?

    private static let deepestFolder = 64
    private static let endings = [".nii.gz", ".hdr.gz", ".img.gz", ".nii", ".hdr", ".img"]

    /// A folder's files.
    ///
    /// - Throws: `DICOMError`: `emptyFolder`, `fileNotReadable`, `tooLarge`; `Place.Refusal`.
    init(folder: Place) throws {
        var files: [Place] = []
        var paths: [[UInt8]] = []
        var outsideLinks = 0
        var topFiles: [String: URL] = [:]
        func add(_ place: Place, at path: [UInt8], depth: Int) throws {
            for name in try Self.names(in: place, depth: depth) {
                let entry: Place
                do { entry = try place.entry(name) } catch Place.Refusal.missing { continue }
                let own = path + name.dropLast().map(UInt8.init(bitPattern:))
                switch entry.kind {
                case .file:
                    files.append(entry)
                    paths.append(own)
                    if path.isEmpty { topFiles[String(decoding: own, as: UTF8.self)] = URL(filePath: entry.path) }
                case .folder: try add(entry, at: own + [UInt8(ascii: "/")], depth: depth + 1)
                // What a link leads to inside the folder is found anyway.
                case .link: if !Self.stays(name, in: place, below: folder) { outsideLinks += 1 }
                case .other: break
                }
                guard files.count <= Self.mostFiles else {
                    throw DICOMError(
                        .tooLarge,
                        "folder holds more than \(Self.mostFiles) files, which is all that this process may hold open: give the folder of one study"
                    )
                }
            }
        }
        try add(folder, at: [], depth: 0)
        guard !files.isEmpty || outsideLinks > 0 else {
            throw DICOMError(.emptyFolder, "folder holds no files: expected a DICOM series")
        }
        content = .folder(
            StudyFiles(files: files.map { URL(filePath: $0.path) }, paths: paths, outsideLinks: outsideLinks))
        self.entries = topFiles
        places = files
        names = nil
    }

    /// - Parameters:
    ///   - name: the original's; only its ending is kept.
    ///   - folder: where it lies.
    init(file: Place, name: String, in folder: Place) throws {
        let names = try PrivateFolder(purpose: "an input's name")
        let ending = Self.endings.first { name.lowercased().hasSuffix($0) }.map { String(name.suffix($0.count)) } ?? ""
        var held = [file]
        let url = names.url.appending(path: "input" + ending)
        try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: file.path)
        for other in Self.pair(of: ending) where other != ending {
            guard let half = try? folder.entry(name.dropLast(ending.count) + other), half.kind == .file else {
                continue
            }
            try FileManager.default.createSymbolicLink(
                atPath: names.url.appending(path: "input" + other).path, withDestinationPath: half.path)
            held.append(half)
        }
        self.names = names
        content = .file(url)
        entries = [:]
        places = held
    }

    private static func names(in folder: Place, depth: Int) throws -> [[CChar]] {
        do throws(Place.Refusal) {
            if depth <= deepestFolder { return try folder.names() }
        } catch {
            if error == .unsteady { throw error }
        }
        throw DICOMError(
            .fileNotReadable,
            "folder cannot be read: check its permissions, and that folders nest at most \(deepestFolder) deep")
    }

    /// The endings of both halves of what may be a NIfTI pair.
    private static func pair(of ending: String) -> [String] {
        let isPair = [".hdr", ".img", ".hdr.gz", ".img.gz"].contains(ending.lowercased())
        return isPair ? [".hdr", ".img", ".hdr.gz", ".img.gz"] : []
    }

    private static func stays(_ link: [CChar], in place: Place, below folder: Place) -> Bool {
        guard let target = place.target(of: link), let root = folder.presentPath else { return false }
        return target.hasPrefix(root + "/")
    }

    /// Descriptors are what holds files: as many as the process may have, less some for everything else.
    private static let mostFiles: Int = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        limit.rlim_cur = min(limit.rlim_max, 1 << 20)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return max(256, Int(limit.rlim_cur) - 512)
    }()
}
