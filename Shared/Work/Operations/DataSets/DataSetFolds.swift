package import JobEngine
package import Documents
import Faults
import Statistics
package import Studies

extension DataSetFold {
    /// nnU-Net's seed, so that its folds and ours are the same.
    package static let customarySeed: UInt32 = 12345

    /// scikit-learn's `KFold(count, shuffle=True, random_state=seed)` over the names in order, as nnU-Net divides a data
    /// set: shuffled, cut into `count` parts of which the first are longer by one where it does not come out even, and
    /// each fold is validated on one part.
    ///
    /// - Throws: `OperationError` (`usage`) for fewer than two folds, (`badInput`) for fewer cases than folds.
    package static func folds(
        of names: some Sequence<String>, count: Int, seed: UInt32 = customarySeed
    ) throws -> [DataSetFold] {
        let names = names.sorted()
        guard count >= 2 else { throw OperationError(.usage, "there are at least 2 folds, got \(count)") }
        guard names.count >= count else {
            throw OperationError(
                .badInput, "\(Wording.count(names.count, "case")) cannot be divided into \(count) folds: each needs one"
            )
        }
        var order = Array(names.indices)
        var generator = MersenneTwister(seed: seed)
        generator.shuffle(&order)
        let (size, longer) = names.count.quotientAndRemainder(dividingBy: count)
        return (0..<count).map { fold in
            let start = fold * size + min(fold, longer)
            let part = Set(order[start..<start + size + (fold < longer ? 1 : 0)])
            return DataSetFold(
                number: fold, training: names.indices.filter { !part.contains($0) }.map { names[$0] },
                validation: part.sorted().map { names[$0] })
        }
    }
}

extension SystemConnection {
    /// Divides the cases in train into folds, in the place of those that are there.
    ///
    /// - Throws: `OperationError` (`missing`) where the data set has no cases, and as `DataSetFold.folds` does.
    package func makeFolds(
        _ count: Int, seed: UInt32 = DataSetFold.customarySeed, of dataSet: String, tenant: Tenant
    ) async throws -> [DataSetFold] {
        let cases = try await cases(of: dataSet, tenant: tenant).filter { $0.split == DataSetCase.trainingSplit }
        let folds = try DataSetFold.folds(of: cases.map(\.name), count: count, seed: seed)
        try await catalog.record(folds, of: dataSet, tenant: tenant, actor: actor)
        return folds
    }

    /// What a fold learns from and what it is validated on, as the data set has these cases now.
    ///
    /// - Throws: `OperationError` (`missing`) where there is no such fold, (`badInput`) where one of its cases has gone
    ///   from the data set, or is in neither train nor val: it may be one that models are measured on.
    package func cases(ofFold number: Int, of dataSet: String, tenant: Tenant) async throws
        -> (training: [DataSetCase], validation: [DataSetCase])
    {
        let folds = try await catalog.folds(dataSet: dataSet, tenant: tenant)
        guard let fold = folds.first(where: { $0.number == number }) else {
            throw OperationError(
                .missing,
                folds.isEmpty
                    ? "data set '\(dataSet)' has no folds: make them with `columna dataset split \(dataSet) --folds 5`"
                    : "data set '\(dataSet)' has no fold \(number), it has \(folds.map { "\($0.number)" }.joined(separator: ", "))"
            )
        }
        let known = Dictionary(
            uniqueKeysWithValues: try await cases(of: dataSet, tenant: tenant).map { ($0.name, $0) })
        func found(_ names: [String]) throws -> [DataSetCase] {
            try names.map { name in
                guard let one = known[name] else {
                    throw OperationError(
                        .badInput,
                        "fold \(number) of data set '\(dataSet)' has \(name), which the data set has not any more: make the folds anew with `columna dataset split \(dataSet) --folds \(folds.count)`"
                    )
                }
                guard [DataSetCase.trainingSplit, DataSetCase.validationSplit].contains(one.split) else {
                    throw OperationError(
                        .badInput,
                        "fold \(number) of data set '\(dataSet)' has \(name), which is in \(one.split ?? "no split") and not in train or val: make the folds anew, or put it back"
                    )
                }
                return one
            }
        }
        return (try found(fold.training), try found(fold.validation))
    }
}

extension DataSetFold: Documented {
    /// As nnU-Net writes them.
    package var document: JSONValue {
        ["train": JSONValue(training.map { JSONValue($0) }), "val": JSONValue(validation.map { JSONValue($0) })]
    }
}
