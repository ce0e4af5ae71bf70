import Documents
import Faults
package import Foundation
package import JobEngine
package import Studies

/// A file that says what the cases of a data set are for.
///
/// | File | Says |
/// |---|---|
/// | a table with the columns `name` (or `case`, `image_id`) and `split` | each case's split; TotalSegmentator's meta.csv |
/// | JSON `{"train": [NAME, …], "test": […]}` | the cases of each split |
/// | JSON `[{"train": […], "val": […]}, …]` | folds; nnU-Net's splits_final.json |
package struct SplitFile: Sendable, Equatable {
    /// Split by case.
    package private(set) var splits: [String: String] = [:]
    package private(set) var folds: [DataSetFold] = []

    private struct Fold: Decodable {
        let train: [String]
        let val: [String]
    }

    /// - Throws: `OperationError` (`badInput`) for what is none of these, names a case twice or a split that is none.
    package init(_ data: Data) throws {
        let first = data.first { !" \n\r\t".utf8.contains($0) }
        switch first {
        case UInt8(ascii: "["): try readFolds(data)
        case UInt8(ascii: "{"): try readLists(data)
        default: try readTable(data)
        }
        guard !splits.isEmpty || !folds.isEmpty else { throw OperationError(.badInput, "it names no case") }
    }

    private mutating func readFolds(_ data: Data) throws {
        guard let read = try? JSONDecoder().decode([Fold].self, from: data) else {
            throw OperationError(.badInput, #"expected a list of folds {"train": [NAME, …], "val": [NAME, …]}"#)
        }
        folds = try read.enumerated().map { number, fold in
            let names = fold.train + fold.val
            if let twice = Self.firstRepeated(names) {
                throw OperationError(.badInput, "fold \(number) names \(twice) twice")
            }
            guard !fold.train.isEmpty, !fold.val.isEmpty else {
                throw OperationError(.badInput, "fold \(number) has no case in train or none in val")
            }
            return DataSetFold(number: number, training: fold.train.sorted(), validation: fold.val.sorted())
        }
    }

    private mutating func readLists(_ data: Data) throws {
        guard let lists = try? JSONDecoder().decode([String: [String]].self, from: data) else {
            throw OperationError(.badInput, #"expected {"train": [NAME, …], "test": [NAME, …]}"#)
        }
        try put(lists.sorted { $0.key < $1.key }.flatMap { split, names in names.map { ($0, split) } })
    }

    private mutating func readTable(_ data: Data) throws {
        let table: DelimitedText
        do {
            table = try DelimitedText(String(decoding: data, as: UTF8.self))
        } catch let error as DelimitedTextError {
            throw OperationError(.badInput, error.description)
        }
        guard let column = ["name", "case", "image_id"].first(where: table.header.contains),
            table.header.contains("split")
        else {
            throw OperationError(
                .badInput,
                "the table has the columns \(table.header.joined(separator: ", ")), expected name (or case, image_id) and split"
            )
        }
        try put(
            table.records.map { record in
                guard let name = record[column], let split = record["split"] else {
                    throw OperationError(.badInput, "line \(record.line) has no \(column) or no split")
                }
                return (name, split)
            })
    }

    private mutating func put(_ cases: [(name: String, split: String)]) throws {
        if let twice = Self.firstRepeated(cases.map(\.name)) {
            throw OperationError(.badInput, "it names \(twice) twice")
        }
        for split in Set(cases.map(\.split)).sorted() { try DataSetSplit.requireName(split) }
        splits = Dictionary(uniqueKeysWithValues: cases)
    }

    private static func firstRepeated(_ names: [String]) -> String? {
        var seen = Set<String>()
        return names.first { !seen.insert($0).inserted }
    }
}

extension SystemConnection {
    /// Does as a file says. Names that the data set does not have are left out, which is remarked on.
    ///
    /// - Returns: how many cases were put into a split or a fold.
    /// - Throws: `OperationError` (`badInput`) where the data set has none of its cases, or none for a side of a fold.
    package func apply(_ file: SplitFile, to dataSet: String, tenant: Tenant) async throws -> Int {
        try await requireOpen(dataSet, tenant: tenant)
        let known = Set(try await cases(of: dataSet, tenant: tenant).map(\.name))
        let named = Set(file.splits.keys).union(file.folds.flatMap { $0.training + $0.validation })
        let strangers = named.subtracting(known).sorted()
        guard strangers.count < named.count else {
            throw OperationError(.badInput, "data set '\(dataSet)' has none of the \(named.count) cases that it names")
        }
        if !strangers.isEmpty {
            remark(
                "data set \(dataSet) has no \(strangers.prefix(3).joined(separator: ", "))\(strangers.count > 3 ? " and \(strangers.count - 3) more" : ""), which the file names: left out"
            )
        }
        for split in Set(file.splits.values).sorted() {
            let names = file.splits.filter { $0.value == split && known.contains($0.key) }.keys.sorted()
            guard !names.isEmpty else { continue }
            _ = try await catalog.assign(names, to: split, dataSet: dataSet, tenant: tenant, actor: actor)
        }
        if !file.folds.isEmpty {
            let folds = try file.folds.map { fold in
                let kept = DataSetFold(
                    number: fold.number, training: fold.training.filter(known.contains),
                    validation: fold.validation.filter(known.contains))
                guard !kept.training.isEmpty, !kept.validation.isEmpty else {
                    throw OperationError(
                        .badInput, "data set '\(dataSet)' has no case for train or for val of fold \(fold.number)")
                }
                return kept
            }
            try await catalog.record(folds, of: dataSet, tenant: tenant, actor: actor)
        }
        return named.count - strangers.count
    }
}
