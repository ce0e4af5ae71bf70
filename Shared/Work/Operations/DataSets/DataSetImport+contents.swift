import Anatomy
import Documents
import Faults
package import Foundation
import Studies
import Volumes

extension DataSetImport {
    /// The cases of a folder, or of a file that names them. Blocks; see `OwnThread`.
    ///
    /// - Parameter remark: gets what it was taken for, and what of the folder is no case.
    /// - Throws: `OperationError` where there are none, where the folder may be read in several ways, or where its labels
    ///   are numbered otherwise than is said.
    package mutating func contents(of place: URL, remark: (String) -> Void) throws -> DataSetContents {
        let guessed = try format ?? DataSetFormat(of: place)
        if format == nil {
            remark("\(place.lastPathComponent) is taken for \(guessed.title) (--format \(guessed.rawValue))")
        }
        try chooseNumbering(for: guessed)
        var contents = try guessed.reader.read(place)
        try requireNumbering(of: contents)
        if guessed == .totalSegmentator { takeOfficialSplit(&contents, of: place, remark) }
        contents.remarks.forEach(remark)
        for split in Set(contents.cases.compactMap(\.split)).sorted() { try DataSetSplit.requireName(split) }
        return try readable(contents, of: place)
    }

    /// Cases that are named by two folders, of images and of labels.
    ///
    /// - Throws: `OperationError` (`badInput`).
    package func contents(images: URL, labels: URL, remark: (String) -> Void) throws -> DataSetContents {
        let contents = try PairedFiles.read(images: images, labels: labels)
        contents.remarks.forEach(remark)
        return try readable(contents, of: images)
    }

    /// Of one case.
    ///
    /// - Throws: `OperationError` (`badInput`) where its files cannot be reached.
    package func contents(_ one: LabelledCase) throws -> DataSetContents {
        try readable(DataSetContents(cases: [one]), of: one.image)
    }

    /// VerSe's numbers stand in its files, unless somebody renumbered them: whoever names the format says that they are
    /// as published.
    private mutating func chooseNumbering(for guessed: DataSetFormat) throws {
        guard guessed.isVerSe, numbering == nil else { return }
        guard format == nil else {
            numbering = .verse
            return
        }
        throw OperationError(
            .usage,
            "labels of this layout are numbered as VerSe publishes them: say --numbering verse, or --numbering spine where they were renumbered"
        )
    }

    private func requireNumbering(of contents: DataSetContents) throws {
        guard numbering == nil, let other = contents.stated?.contradiction(to: .columna) else { return }
        throw OperationError(
            .badInput,
            "dataset.json calls \(other): say --numbering, or renumber the labels first (--numbering spine takes the values as they are)"
        )
    }

    // MARK: TotalSegmentator

    private func takeOfficialSplit(_ contents: inout DataSetContents, of place: URL, _ remark: (String) -> Void) {
        if !takesOfficialSplit {
            let hasOne = contents.cases.contains { $0.split != nil }
            for index in contents.cases.indices { contents.cases[index].split = nil }
            if hasOne, split == nil { remark("all cases go to train; --split-from meta takes the split of meta.csv") }
        }
        let guess = TotalSegmentatorRelease.guess(place, cases: contents.cases)
        let reasons = (release ?? guess.release).knownBroken
        let broken = contents.cases.filter { reasons[$0.name] != nil }
        guard !broken.isEmpty, !includesKnownBroken else { return }
        contents.cases.removeAll { reasons[$0.name] != nil }
        contents.knownBroken = broken.map {
            DataSetContents.LeftOut(name: $0.name, reason: reasons[$0.name] ?? "")
        }
        let doubt = release == nil && guess.isAssumed ? ", which nothing says (--release says otherwise)" : ""
        remark(
            "\(Wording.count(broken.count, "case")) of release \((release ?? guess.release).rawValue)\(doubt) \(broken.count == 1 ? "is" : "are") known to be broken and left out; --include-known-broken takes them"
        )
    }

    // MARK: Files

    /// Without cases that cannot be called so, or whose files cannot be reached.
    private func readable(_ contents: DataSetContents, of place: URL) throws -> DataSetContents {
        var contents = contents
        var cases: [LabelledCase] = []
        for one in contents.cases {
            do {
                try Self.requireName(one.name)
                // Reading says best why not.
                for file in [one.image, one.label] where !FileManager.default.fileExists(atPath: file.path) {
                    _ = try NIfTI.readHeader(file)
                }
                cases.append(one)
            } catch let error as any Fault {
                contents.unreadable.append(DataSetContents.LeftOut(name: one.name, reason: "\(error)"))
            }
        }
        contents.cases = cases
        contents.unreadable.sort { $0.name < $1.name }
        guard !cases.isEmpty || !contents.knownBroken.isEmpty else {
            let reasons = contents.unreadable.prefix(3).map(\.reason) + contents.remarks
            throw OperationError(
                .badInput,
                "no labelled case in \(place.path) can be imported"
                    + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; "))
                    + (contents.unreadable.count > 3 ? " …" : ""))
        }
        return contents
    }
}
