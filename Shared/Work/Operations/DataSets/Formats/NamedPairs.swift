import Faults
import Foundation

/// Pairs of files that a list names, until they have names of their own.
struct NamedPairs {
    private struct Pair {
        let name: String?
        let image: URL
        let label: URL
        let split: String?
        let fold: Int?
    }

    /// Paths are relative to it.
    private let folder: URL
    private var pairs: [Pair] = []

    init(folder: URL) { self.folder = folder }

    var isEmpty: Bool { pairs.isEmpty }

    mutating func add(name: String? = nil, image: String, label: String, split: String? = nil, fold: Int? = nil) {
        func file(_ path: String) -> URL { URL(filePath: path, relativeTo: folder).standardizedFileURL }
        pairs.append(Pair(name: name, image: file(image), label: file(label), split: split, fold: fold))
    }

    /// Those without a name are called after their images, and after the images' folders too where images are called
    /// alike.
    ///
    /// - Throws: `OperationError` (`badInput`) where two are called alike still.
    func named() throws -> [LabelledCase] {
        let stems = pairs.map { PairedFiles.bare($0.image.lastPathComponent) }
        let areUnique = Set(stems).count == stems.count
        let cases = zip(pairs, stems).map { pair, stem in
            let parent = pair.image.deletingLastPathComponent().lastPathComponent
            return LabelledCase(
                name: pair.name ?? (areUnique ? stem : "\(parent)-\(stem)"), image: pair.image, label: pair.label,
                split: pair.split, fold: pair.fold)
        }
        let ordered = cases.sorted { $0.name < $1.name }
        if let (twice, _) = zip(ordered, ordered.dropFirst()).first(where: { $0.name == $1.name }) {
            throw OperationError(.badInput, "two cases are called \(twice.name): a data set has one of each name")
        }
        return ordered
    }
}
